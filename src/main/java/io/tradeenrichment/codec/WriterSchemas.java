package io.tradeenrichment.codec;

import java.io.Serializable;
import org.apache.avro.Schema;

/**
 * Knows the schemas that records are written with, by the key their framing carries: a registry's id or a fingerprint.
 */
public interface WriterSchemas extends Serializable {

    /**
     * Asked once per key and reader, then remembered; may block while a registry answers.
     *
     * @throws Refusal with {@link io.tradeenrichment.model.Reason#UNKNOWN_SCHEMA} if there is no such schema
     */
    Schema byKey(long key) throws Refusal;
}
