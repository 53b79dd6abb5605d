package io.tradeenrichment.market;

import io.tradeenrichment.codec.schema.Framing;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The ways in which a trade's bytes are spoilt. Whatever the trade was, what is left is certainly not one. */
enum Corruption {
    /** Cut off before its end. */
    TRUNCATED,
    /** Begins as no framing does. */
    OTHER_FRAMING,
    /** Names a schema that nobody knows. */
    UNKNOWN_SCHEMA,
    /** Neither bought nor sold. */
    NO_SIDE,
    /** Goes on after its end. */
    TRAILING_BYTES,
    /** A number that does not end. */
    ENDLESS_NUMBER,
    /** A value without bytes. */
    EMPTY,
    /** No value at all. */
    NO_VALUE;

    private static final Corruption[] WAYS = values();
    private static final int LONGEST_TAIL = 8;
    private static final int LONGER_THAN_ANY_NUMBER = 11;

    static Corruption drawn(long roll) {
        return WAYS[(int) IndexedRandom.scale(roll, WAYS.length)];
    }

    /**
     * Leaves the given bytes as they are.
     *
     * @param roll decides what the kind of damage leaves open: where to cut, how much to add
     */
    byte @Nullable [] done(byte[] trade, Framing framing, long roll) {
        byte[] spoilt = trade.clone();
        int last = trade.length - 1;
        switch (this) {
            case TRUNCATED -> {
                return Arrays.copyOf(trade, 1 + (int) IndexedRandom.scale(roll, last));
            }
            case OTHER_FRAMING -> spoilt[0] = (byte) ~spoilt[0];
            case UNKNOWN_SCHEMA -> {
                // The last bytes of the key: a registry's id stays a number that one could have given.
                for (int i = 2; i < framing.length(); i++) {
                    spoilt[i] = (byte) ~spoilt[i];
                }
            }
            // The side is the last byte; these are the indexes 2 and -1 in zigzag.
            case NO_SIDE -> spoilt[last] = (byte) ((roll & 1) == 0 ? 4 : 1);
            case TRAILING_BYTES -> {
                return Arrays.copyOf(trade, trade.length + 1 + (int) IndexedRandom.scale(roll, LONGEST_TAIL));
            }
            case ENDLESS_NUMBER -> {
                int datum = framing.length();
                Arrays.fill(spoilt, datum, datum + LONGER_THAN_ANY_NUMBER, (byte) 0xFF);
            }
            case EMPTY -> {
                return new byte[0];
            }
            case NO_VALUE -> {
                return null;
            }
        }
        return spoilt;
    }
}
