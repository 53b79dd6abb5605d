package io.tradeenrichment.cli.tools;

import java.util.function.LongSupplier;

/**
 * Spaces records evenly. A sender that is more than 50 ms late does not catch up, so no burst exceeds the rate.
 */
final class RateLimiter {
    private static final double MAX_LAG_NANOS = 50e6;

    private final double intervalNanos;
    private final LongSupplier clock;
    private final long start;
    private double next;

    /**
     * @param perSecond 0 for no limit
     * @param clock in nanoseconds, as {@link System#nanoTime}
     */
    RateLimiter(long perSecond, LongSupplier clock) {
        this.intervalNanos = perSecond == 0 ? 0 : 1e9 / perSecond;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** Nanoseconds until the next record is due; zero or negative if it is due. */
    long untilNext() {
        double now = clock.getAsLong() - start;
        next = Math.max(next, now - MAX_LAG_NANOS);
        return intervalNanos == 0 ? 0 : (long) Math.ceil(next - now);
    }

    /** The due record is sent. */
    void advance() {
        next += intervalNanos;
    }
}
