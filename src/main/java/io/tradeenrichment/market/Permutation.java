package io.tradeenrichment.market;

/**
 * A pseudo-random permutation of the numbers below a size, computed without a table: a Feistel network over the next even
 * number of bits, iterated until the result is below the size (cycle walking).
 */
final class Permutation {
    private static final int ROUNDS = 4;
    private final long size;
    private final int halfBits;
    private final IndexedRandom random;

    Permutation(long size, IndexedRandom random) {
        this.size = size;
        this.halfBits = Math.max(1, (65 - Long.numberOfLeadingZeros(size - 1)) / 2);
        this.random = random;
    }

    /** @param position below the size */
    long at(long position) {
        long number = position;
        do {
            number = permuted(number);
        } while (number >= size);
        return number;
    }

    private long permuted(long number) {
        long mask = (1L << halfBits) - 1;
        long left = number >>> halfBits;
        long right = number & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = left ^ (random.bits(right * ROUNDS + round) & mask);
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }
}
