package io.tradeenrichment.codec;

import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.key.KeyReader;
import io.tradeenrichment.codec.schema.FeedSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import java.io.Serializable;

/**
 * The encoding of the records on all topics.
 *
 * @param maxRecordSize longer values are rejected without reading them, in bytes
 * @param keys of the dimensions' records
 */
public record WireFormat(Framing framing, FeedSchemas writers, int maxRecordSize, KeyFormats keys)
        implements Serializable {

    /** With big-endian keys, and the same writers' schemas for every feed. */
    public WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize) {
        this(framing, writers, maxRecordSize, KeyFormats.BIG_ENDIAN);
    }

    /** With the same writers' schemas for every feed. */
    public WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize, KeyFormats keys) {
        this(framing, (FeedSchemas) feed -> writers, maxRecordSize, keys);
    }

    public DatumReader reader(Feed feed, MeteredSchemas schemas) {
        return new DatumReader(framing, schemas.of(feed), Schemas.of(feed), maxRecordSize);
    }

    public KeyReader keyReader(Dimension dimension, MeteredSchemas schemas) {
        return KeyReader.of(dimension, keys.of(dimension), framing, schemas.of(dimension.feed()));
    }
}
