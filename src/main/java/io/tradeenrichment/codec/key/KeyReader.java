package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;

/**
 * Reads the row's id from the key of a dimension's record. Compaction compares keys, and the id of a tombstone is only in
 * its key, so a key that is not certainly an id is rejected. Not thread-safe.
 */
public interface KeyReader {

    /**
     * @param framing of Avro keys, as of the values
     * @param writers of Avro keys
     */
    static KeyReader of(Dimension dimension, KeyFormat format, Framing framing, WriterSchemas writers) {
        return switch (format) {
            case BIG_ENDIAN -> new BigEndianKeyReader(dimension);
            case TEXT -> new TextKeyReader(dimension);
            case AVRO -> new AvroKeyReader(dimension, framing, writers);
        };
    }

    /**
     * May block on a registry lookup of the schema of an Avro key.
     *
     * @throws DecodeException with {@link io.tradeenrichment.model.Reason#WRONG_KEY} if there is no key, or it is not an id
     *     in the dimension's key format
     */
    long id(SourceRecord record) throws DecodeException, InterruptedException;
}
