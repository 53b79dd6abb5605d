package io.tradeenrichment.model;

/**
 * A trade whose ids were read in place and whose bytes were checked to their exact end, but not decoded.
 *
 * <p>The datum is the trade in Avro's binary encoding under the job's schema. Usually it is the tail of the source
 * record's value. If the writer used another schema, it is an array of its own.
 */
public final class Trade {
    private final SourceRecord source;
    private final byte[] bytes;
    private final int start;
    private final long tradeId;
    private final long instrumentId;
    private final long userId;
    private final long tradeTime;

    /**
     * @param bytes contains the datum, from {@code start} to the end
     * @param tradeTime microseconds since 1970
     */
    public Trade(
            SourceRecord source,
            byte[] bytes,
            int start,
            long tradeId,
            long instrumentId,
            long userId,
            long tradeTime) {
        this.source = source;
        this.bytes = bytes;
        this.start = start;
        this.tradeId = tradeId;
        this.instrumentId = instrumentId;
        this.userId = userId;
        this.tradeTime = tradeTime;
    }

    public SourceRecord source() {
        return source;
    }

    /** The array that contains the datum, from {@link #start} to the end. */
    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    public long tradeId() {
        return tradeId;
    }

    public long instrumentId() {
        return instrumentId;
    }

    public long userId() {
        return userId;
    }

    /** Microseconds since 1970. */
    public long tradeTime() {
        return tradeTime;
    }

    /** The id of this trade's row. */
    public long idOf(Dimension dimension) {
        return dimension == Dimension.INSTRUMENT ? instrumentId : userId;
    }
}
