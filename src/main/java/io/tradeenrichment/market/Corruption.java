package io.tradeenrichment.market;

import io.tradeenrichment.codec.schema.Framing;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The ways in which a trade's bytes are corrupted. The result is never a valid trade. */
enum Corruption {
    TRUNCATED,
    /** Neither of the framings. */
    OTHER_FRAMING,
    UNKNOWN_SCHEMA,
    INVALID_SIDE,
    TRAILING_BYTES,
    /** A number of more bytes than Avro allows. */
    ENDLESS_NUMBER,
    EMPTY,
    /** A null value. */
    NULL;

    private static final Corruption[] ALL = values();
    /** Those that make a trade of every schema invalid. */
    private static final Corruption[] OF_ANY_SCHEMA = {
        TRUNCATED, OTHER_FRAMING, UNKNOWN_SCHEMA, TRAILING_BYTES, EMPTY, NULL
    };

    private static final int MAX_TRAILING_BYTES = 8;
    private static final int TOO_LONG_FOR_A_NUMBER = 11;

    static Corruption of(long random) {
        return ALL[(int) IndexedRandom.scale(random, ALL.length)];
    }

    static Corruption ofAnySchema(long random) {
        return OF_ANY_SCHEMA[(int) IndexedRandom.scale(random, OF_ANY_SCHEMA.length)];
    }

    /**
     * Returns a corrupted copy.
     *
     * @param random decides the details, such as where to cut
     */
    byte @Nullable [] apply(byte[] trade, Framing framing, long random) {
        byte[] corrupted = trade.clone();
        int last = trade.length - 1;
        switch (this) {
            case TRUNCATED -> {
                return Arrays.copyOf(trade, 1 + (int) IndexedRandom.scale(random, last));
            }
            case OTHER_FRAMING -> corrupted[0] = (byte) ~corrupted[0];
            case UNKNOWN_SCHEMA -> {
                // Only the last bytes of the key, so that a registry's id stays positive.
                for (int i = 2; i < framing.length(); i++) {
                    corrupted[i] = (byte) ~corrupted[i];
                }
            }
            // The side is the last byte. The indexes 2 and -1 in zigzag encoding are invalid.
            case INVALID_SIDE -> corrupted[last] = (byte) ((random & 1) == 0 ? 4 : 1);
            case TRAILING_BYTES -> {
                return Arrays.copyOf(trade, trade.length + 1 + (int) IndexedRandom.scale(random, MAX_TRAILING_BYTES));
            }
            case ENDLESS_NUMBER -> {
                int datum = framing.length();
                Arrays.fill(corrupted, datum, datum + TOO_LONG_FOR_A_NUMBER, (byte) 0xFF);
            }
            case EMPTY -> {
                return new byte[0];
            }
            case NULL -> {
                return null;
            }
        }
        return corrupted;
    }
}
