package io.tradeenrichment.market;

/**
 * Random numbers by index: each depends only on the seed, the purpose and the index, so they can be computed in any order
 * and in parallel (SplitMix64, which applies a finalizer to a counter).
 */
final class IndexedRandom {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private final long base;

    /** @param purpose numbers for different purposes are independent; another text yields another market */
    IndexedRandom(long seed, String purpose) {
        this.base = mix(seed ^ mix(purpose.hashCode()));
    }

    long bits(long index) {
        return mix(base + index * GAMMA);
    }

    /** From 0, inclusive, to 1, exclusive. */
    double fraction(long index) {
        return toFraction(bits(index));
    }

    long below(long index, long bound) {
        return scale(bits(index), bound);
    }

    /** From 1 to {@code bound}, by the square of a uniform number: of ten thousand, the first is one in a hundred. */
    long skewed(long index, int bound) {
        double uniform = fraction(index);
        return 1 + (long) (bound * uniform * uniform);
    }

    private static double toFraction(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }

    /** Maps random bits to a number from 0 to {@code bound - 1}, by the upper bits. */
    static long scale(long bits, long bound) {
        return Math.multiplyHigh(bits >>> 1, bound << 1);
    }

    static long mix(long value) {
        long z = value + GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
