package io.tradeenrichment.model;

/** An enriched trade: framed Avro bytes, and what a sink needs besides. */
public final class EnrichedTrade {
    private final long instrumentId;
    private final long timestamp;
    private final byte[] value;

    /** @param timestamp the record timestamp of the trade, milliseconds since 1970 */
    public EnrichedTrade(long instrumentId, long timestamp, byte[] value) {
        this.instrumentId = instrumentId;
        this.timestamp = timestamp;
        this.value = value;
    }

    public long instrumentId() {
        return instrumentId;
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
