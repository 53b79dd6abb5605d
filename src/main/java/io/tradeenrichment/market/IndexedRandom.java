package io.tradeenrichment.market;

/**
 * Random numbers by index: each follows from seed, purpose and index alone, so any can be had at any time, again and
 * in parallel (SplitMix64, whose stream is a finalizer over a counter).
 */
final class IndexedRandom {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private final long base;

    /** @param purpose numbers of another purpose are independent of these */
    IndexedRandom(long seed, String purpose) {
        this.base = mix(seed ^ mix(purpose.hashCode()));
    }

    long roll(long index) {
        return mix(base + index * GAMMA);
    }

    /** From 0, inclusive, to 1, exclusive. */
    double share(long index) {
        return fraction(roll(index));
    }

    long below(long index, long bound) {
        return scale(roll(index), bound);
    }

    static double fraction(long roll) {
        return (roll >>> 11) * 0x1.0p-53;
    }

    /** Takes a roll to a number below the bound, by its upper bits. */
    static long scale(long roll, long bound) {
        return Math.multiplyHigh(roll >>> 1, bound << 1);
    }

    static long mix(long value) {
        long z = value + GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
