package io.tradeenrichment.codec;

import java.io.Serializable;
import org.apache.avro.Schema;

/**
 * Knows the schemas that records are written with, by the key their framing carries: a registry's id or a fingerprint.
 */
public interface WriterSchemas extends Serializable {

    /**
     * Asked once per key and reader, then remembered; may block for as long as a registry does not answer.
     *
     * @throws DecodeException with {@link io.tradeenrichment.model.Reason#UNKNOWN_SCHEMA} if there is no such schema,
     *     {@link io.tradeenrichment.model.Reason#INCOMPATIBLE_SCHEMA} if there is one that no record can be read with
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Schema byKey(long key) throws DecodeException, InterruptedException;
}
