package io.tradeenrichment.codec;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import java.io.Serializable;

/**
 * How records look on the wire, in and out.
 *
 * @param maxRecordSize a longer value is refused before it is read, in bytes
 * @param keys how the keys of the dimensions' records are written
 */
public record WireFormat(Framing framing, FeedSchemas writers, int maxRecordSize, KeyFormats keys)
        implements Serializable {

    /** One in which a key means the same on every feed, as a fingerprint does, and records' keys are big-endian. */
    public WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize) {
        this(framing, writers, maxRecordSize, KeyFormats.BIG_ENDIAN);
    }

    /** One in which a key means the same on every feed, as a fingerprint does. */
    public WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize, KeyFormats keys) {
        this(framing, (FeedSchemas) feed -> writers, maxRecordSize, keys);
    }

    /** A reader of this feed's values, for one thread, which asks for schemas through these lookups. */
    public DatumReader reader(Feed feed, SchemaLookups lookups) {
        return new DatumReader(framing, lookups.of(feed), Schemas.of(feed), maxRecordSize);
    }

    /** A reader of this dimension's keys, for one thread, which asks for schemas through these lookups. */
    public KeyReader keyReader(Dimension dimension, SchemaLookups lookups) {
        return switch (keys.of(dimension)) {
            case BIG_ENDIAN -> new BigEndianKeys(dimension);
            case TEXT -> new TextKeys(dimension);
            case AVRO -> new AvroKeys(dimension, framing, lookups.of(dimension.feed()));
        };
    }
}
