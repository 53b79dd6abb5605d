package io.tradeenrichment.model;

/**
 * How far a dimension's feed has been read. It comes behind the updates that it speaks of.
 *
 * @param readUpTo every record with a timestamp up to this has been read, milliseconds since 1970
 * @param caughtUpAt when the feed was last seen to have been read to its end, by the clock, milliseconds since 1970;
 *     {@link #NEVER} if it has not been yet
 */
public record ReadProgress(Dimension dimension, long readUpTo, long caughtUpAt) implements DimensionEvent {
    /** Before every time. */
    public static final long NEVER = Long.MIN_VALUE;
}
