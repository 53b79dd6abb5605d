package io.tradeenrichment.model;

import org.jspecify.annotations.Nullable;

/** An enriched trade: framed Avro bytes, and what a sink needs besides. */
public final class EnrichedTrade {
    private final byte @Nullable [] key;
    private final long timestamp;
    private final byte[] value;

    /**
     * @param key of the record; null if the trade has no id of the first dimension
     * @param timestamp the record timestamp of the trade, milliseconds since 1970
     */
    public EnrichedTrade(byte @Nullable [] key, long timestamp, byte[] value) {
        this.key = key;
        this.timestamp = timestamp;
        this.value = value;
    }

    /** The id of the first dimension: eight bytes big-endian, or text in UTF-8. */
    public byte @Nullable [] key() {
        return key;
    }

    /** Milliseconds since 1970. */
    public long timestamp() {
        return timestamp;
    }

    /** The prefix of the framing, then the datum. */
    public byte[] value() {
        return value;
    }
}
