package io.tradeenrichment.market;

/**
 * A pseudo-random order of the numbers below a size, computed place by place instead of kept in a table: a Feistel
 * network over the next even number of bits, walked until it lands below the size.
 */
final class Permutation {
    private static final int ROUNDS = 4;
    private final long size;
    private final int halfBits;
    private final IndexedRandom dice;

    Permutation(long size, IndexedRandom dice) {
        this.size = size;
        this.halfBits = Math.max(1, (65 - Long.numberOfLeadingZeros(size - 1)) / 2);
        this.dice = dice;
    }

    /** The number at this place; each number below the size is at exactly one place below it. */
    long at(long place) {
        long number = place;
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
            long mixed = left ^ (dice.roll(right * ROUNDS + round) & mask);
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }
}
