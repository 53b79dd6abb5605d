package io.tradeenrichment.codec;

import io.tradeenrichment.model.Feed;
import java.io.Serializable;

/**
 * How records look on the wire, in and out.
 *
 * @param maxRecordSize a longer value is refused before it is read, in bytes
 */
public record WireFormat(Framing framing, FeedSchemas writers, int maxRecordSize) implements Serializable {

    /** One in which a key means the same on every feed, as a fingerprint does. */
    public WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize) {
        this(framing, (FeedSchemas) feed -> writers, maxRecordSize);
    }

    /** A reader of this feed's values, for one thread, which asks for schemas through these lookups. */
    public DatumReader reader(Feed feed, SchemaLookups lookups) {
        return new DatumReader(framing, lookups.of(feed), Schemas.of(feed), maxRecordSize);
    }
}
