package io.tradeenrichment.join;

import java.util.stream.IntStream;

/**
 * What the join does with a trade. Made once for each dimension, not once per trade.
 *
 * @param dimension the position of the dimension whose missing row led to the decision; {@link #NONE} if none did
 */
record Decision(Kind kind, int dimension) {
    static final int NONE = -1;

    /** The trade leaves enriched; the columns of a missing row are null. */
    static final Decision EMIT = new Decision(Kind.EMIT, NONE);
    /** The trade is parked until the dimensions have been read up to its time. */
    static final Decision PARK_UNTIL_READ = new Decision(Kind.PARK, NONE);
    /** The trade is parked behind earlier trades of its key, so that their order is kept. */
    static final Decision PARK_IN_QUEUE = new Decision(Kind.PARK, NONE);
    /** The trade is counted, and nothing is sent. */
    static final Decision DROP = new Decision(Kind.DROP, NONE);

    enum Kind {
        EMIT,
        PARK,
        DROP,
        REJECT
    }

    /** For each dimension: the trade is parked until its row arrives. */
    static Decision[] parkForRow(int dimensions) {
        return forEach(Kind.PARK, dimensions);
    }

    /** For each dimension: the trade becomes a dead letter because its row is missing. */
    static Decision[] rejectForRow(int dimensions) {
        return forEach(Kind.REJECT, dimensions);
    }

    private static Decision[] forEach(Kind kind, int dimensions) {
        return IntStream.range(0, dimensions)
                .mapToObj(dimension -> new Decision(kind, dimension))
                .toArray(Decision[]::new);
    }

    boolean parks() {
        return kind == Kind.PARK;
    }
}
