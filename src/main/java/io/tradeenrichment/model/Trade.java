package io.tradeenrichment.model;

/**
 * A trade whose ids were read in place and whose bytes were walked to their exact end, but never decoded.
 *
 * <p>The datum is the trade in Avro's binary encoding under the job's own schema. Mostly it is the tail of the received
 * value itself; where the writer used another schema, it is an array of its own.
 */
public final class Trade {
    private final SourceRecord received;
    private final byte[] bytes;
    private final int start;
    private final long tradeId;
    private final long instrumentId;
    private final long userId;
    private final long tradeTime;

    /**
     * @param bytes holds the datum from {@code start} to its end
     * @param tradeTime microseconds since 1970
     */
    public Trade(
            SourceRecord received,
            byte[] bytes,
            int start,
            long tradeId,
            long instrumentId,
            long userId,
            long tradeTime) {
        this.received = received;
        this.bytes = bytes;
        this.start = start;
        this.tradeId = tradeId;
        this.instrumentId = instrumentId;
        this.userId = userId;
        this.tradeTime = tradeTime;
    }

    public SourceRecord received() {
        return received;
    }

    /** The array that holds the datum, from {@link #start} to the array's end. */
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

    /** The id by which this trade finds its row. */
    public long idOf(Dimension dimension) {
        return dimension == Dimension.INSTRUMENT ? instrumentId : userId;
    }
}
