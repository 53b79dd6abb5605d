package io.tradeenrichment.codec;

import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.key.KeyReader;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.FeedSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import java.io.Serializable;

/**
 * The encoding of the records on all topics.
 *
 * @param maxRecordSize longer values are rejected without reading them, in bytes
 * @param keys of the dimensions' records
 * @param schemas that records are read with
 */
public record WireFormat(Framing framing, FeedSchemas writers, int maxRecordSize, KeyFormats keys, JobSchemas schemas)
        implements Serializable {

    /** With the bundled schemas, big-endian keys, and the same writers' schemas for every feed. */
    public WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize) {
        this(framing, writers, maxRecordSize, KeyFormats.BIG_ENDIAN);
    }

    /** With the bundled schemas, and the same writers' schemas for every feed. */
    public WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize, KeyFormats keys) {
        this(framing, (FeedSchemas) feed -> writers, maxRecordSize, keys);
    }

    /** With the bundled schemas. */
    public WireFormat(Framing framing, FeedSchemas writers, int maxRecordSize, KeyFormats keys) {
        this(framing, writers, maxRecordSize, keys, JobSchemas.bundled());
    }

    public DatumReader reader(Feed feed, MeteredSchemas lookups) {
        return new DatumReader(framing, lookups.of(feed), schemas.of(feed), maxRecordSize);
    }

    public RowReader rowReader(Dimension dimension) {
        return new RowReader(schemas.row(dimension));
    }

    public KeyReader keyReader(Dimension dimension, MeteredSchemas lookups) {
        return KeyReader.of(dimension, keys.of(dimension), framing, lookups.of(dimension.feed()), schemas);
    }
}
