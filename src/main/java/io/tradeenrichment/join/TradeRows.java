package io.tradeenrichment.join;

import org.jspecify.annotations.Nullable;

/** The rows of one trade. Reused for every trade; not thread-safe. */
final class TradeRows {
    private final byte[] @Nullable [] fragments;
    private int missing;

    TradeRows(int dimensions) {
        fragments = new byte[dimensions][];
    }

    void clear() {
        missing = 0;
    }

    /** @param fragment null if the row is missing */
    void put(int dimension, byte @Nullable [] fragment) {
        set(dimension, fragment);
        if (fragment == null) {
            missing |= 1 << dimension;
        }
    }

    /** The trade has no id of this dimension. Its columns are null, but no row is missing. */
    void putAbsent(int dimension) {
        set(dimension, null);
    }

    @SuppressWarnings("NullAway") // null columns have no fragment
    private void set(int dimension, byte @Nullable [] fragment) {
        fragments[dimension] = fragment;
    }

    /** A bit for each dimension whose row is missing. */
    int missing() {
        return missing;
    }

    /** The fragment of each dimension; null for null columns. */
    byte[] @Nullable [] fragments() {
        return fragments;
    }
}
