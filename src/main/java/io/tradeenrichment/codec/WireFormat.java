package io.tradeenrichment.codec;

import io.tradeenrichment.model.Feed;
import java.io.Serializable;

/**
 * How records look on the wire, in and out.
 *
 * @param maxRecordSize a longer value is refused before it is read, in bytes
 */
public record WireFormat(Framing framing, WriterSchemas writers, int maxRecordSize) implements Serializable {

    /** A reader of this feed's values, for one thread. */
    public DatumReader reader(Feed feed) {
        return new DatumReader(framing, writers, Schemas.of(feed), maxRecordSize);
    }
}
