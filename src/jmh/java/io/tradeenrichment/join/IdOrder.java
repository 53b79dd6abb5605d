package io.tradeenrichment.join;

import java.util.Random;

/** Whose ids come, and in what order. Public for JMH. */
public enum IdOrder {
    /** As an exchange numbers them: ascending over all instruments, of which the hottest has one in a hundred. */
    MARKET,
    /** The same from four partitions that are far apart, one after the other. */
    PARTITIONS,
    /** One instrument has them all, ascending. */
    ONE,
    /** One instrument has them all, descending. */
    DESCENDING,
    /** Of all instruments, in no order. */
    RANDOM;

    private static final int INSTRUMENTS = 10_000;
    private static final long FAR = 1L << 40;

    long instrument(Random random) {
        double draw = random.nextDouble();
        return this == ONE || this == DESCENDING ? 1 : (long) (INSTRUMENTS * draw * draw);
    }

    long id(long index, Random random) {
        return switch (this) {
            case MARKET, ONE -> index;
            case PARTITIONS -> index / 4 + index % 4 * FAR;
            case DESCENDING -> FAR - index;
            case RANDOM -> random.nextLong();
        };
    }
}
