package io.tradeenrichment.market;

/** The random numbers of one record, in the order of their use. Not thread-safe. */
final class Draw {
    private long base;
    private long count;
    private long time;

    /** Starts a record. The same numbers follow for the same base. */
    Draw from(long base, long time) {
        this.base = base;
        this.count = 0;
        this.time = time;
        return this;
    }

    /** The time of the record, in microseconds. */
    long time() {
        return time;
    }

    long bits() {
        return IndexedRandom.mix(base + count++);
    }

    long below(long bound) {
        return IndexedRandom.scale(bits(), bound);
    }

    boolean oneIn(int count) {
        return below(count) == 0;
    }
}
