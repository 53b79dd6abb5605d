package io.tradeenrichment.cli.tools;

import java.util.function.LongSupplier;

/**
 * Tells when the next of many is due, so that they come evenly. Who falls behind by more than a moment does not catch
 * up: the rate is never exceeded in a burst.
 */
final class RateLimiter {
    private static final double MOMENT_NANOS = 50e6;

    private final double intervalNanos;
    private final LongSupplier clock;
    private final long start;
    private double next;

    /**
     * @param perSecond 0 if each is due at once
     * @param clock in nanoseconds, as {@link System#nanoTime}
     */
    RateLimiter(long perSecond, LongSupplier clock) {
        this.intervalNanos = perSecond == 0 ? 0 : 1e9 / perSecond;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** How long it is until the next one is due, in nanoseconds; not positive if it is. */
    long untilNext() {
        double now = clock.getAsLong() - start;
        next = Math.max(next, now - MOMENT_NANOS);
        return intervalNanos == 0 ? 0 : (long) Math.ceil(next - now);
    }

    /** One was taken. */
    void taken() {
        next += intervalNanos;
    }
}
