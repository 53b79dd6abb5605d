package io.tradeenrichment.join;

import java.util.Random;

/** The instruments and the order of the ids. Public for JMH. */
public enum IdOrder {
    /** As of an exchange: ascending over all instruments. The busiest instrument has one in a hundred. */
    MARKET,
    /** As MARKET, from four partitions in turn, whose ids are far apart. */
    PARTITIONS,
    /** One instrument, ascending. */
    ONE,
    /** One instrument, descending. */
    DESCENDING,
    /** All instruments, random. */
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
