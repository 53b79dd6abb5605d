package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the row's id from the key of a dimension's record. Compaction compares keys, and the id of a tombstone is only in
 * its key, so a key that is not certainly an id is rejected. Not thread-safe.
 */
public interface KeyReader {

    /**
     * @param framing of Avro keys, as of the values
     * @param writers of Avro keys
     * @throws IllegalArgumentException if the format cannot contain the ids of this dimension
     */
    static KeyReader of(
            Dimension dimension, KeyFormat format, Framing framing, WriterSchemas writers, JobSchemas schemas) {
        boolean text = schemas.row(dimension).idType() == IdType.TEXT;
        return switch (format) {
            case BIG_ENDIAN -> {
                new KeyFormats(Map.of(dimension, format)).check(schemas.row(dimension));
                yield new BigEndianKeyReader(dimension);
            }
            case TEXT -> text ? new TextIdKeyReader(dimension) : new TextKeyReader(dimension);
            case AVRO -> new AvroKeyReader(dimension, framing, writers, schemas);
        };
    }

    /**
     * The integer, or the number of the text (see {@link io.tradeenrichment.model.TextIds}). May block on a registry lookup of the schema of an Avro key.
     *
     * @throws DecodeException with {@link io.tradeenrichment.model.Reason#WRONG_KEY} if there is no key, or it is not an id
     *     in the dimension's key format
     */
    long id(SourceRecord record) throws DecodeException, InterruptedException;

    /** The text of the last id, in UTF-8; null if ids are integers. */
    default byte @Nullable [] text() {
        return null;
    }
}
