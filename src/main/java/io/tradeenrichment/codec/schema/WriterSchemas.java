package io.tradeenrichment.codec.schema;

import io.tradeenrichment.codec.binary.DecodeException;
import java.io.Serializable;
import org.apache.avro.Schema;

/** The writers' schemas by the key in the framing: an id in a registry, or a fingerprint. */
public interface WriterSchemas extends Serializable {

    /**
     * Readers cache the result, so they call this once per key. May block until a registry answers.
     *
     * @throws DecodeException with {@link io.tradeenrichment.model.Reason#UNKNOWN_SCHEMA} if there is no such schema,
     *     {@link io.tradeenrichment.model.Reason#INCOMPATIBLE_SCHEMA} if no record can be read with it
     */
    Schema byKey(long key) throws DecodeException, InterruptedException;
}
