package io.tradeenrichment.model;

/** An enriched trade as it leaves: framed Avro bytes, and what a sink needs beside them. */
public final class EnrichedTrade {
    private final long instrumentId;
    private final long timestamp;
    private final byte[] value;

    /** @param timestamp of the record the trade came in, milliseconds since 1970 */
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

    /** The framing's prefix, then the datum. */
    public byte[] value() {
        return value;
    }
}
