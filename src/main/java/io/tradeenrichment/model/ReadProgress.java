package io.tradeenrichment.model;

/**
 * How far a dimension's feed has been read. It follows the updates that it covers.
 *
 * @param readUpTo all records with a timestamp up to this have been read, milliseconds since 1970
 * @param caughtUpAt when the feed was last read to its end, processing time in milliseconds since 1970; {@link #NEVER}
 *     if it has not been yet
 */
public record ReadProgress(Dimension dimension, long readUpTo, long caughtUpAt) implements DimensionEvent {
    /** Before any time. */
    public static final long NEVER = Long.MIN_VALUE;
}
