package io.tradeenrichment.config;

/** What happens to a trade without its row. The constants are ordered from the most lenient to the strictest. */
public enum MissingRow {
    /** The trade is enriched with null columns. */
    PARTIAL,
    /** The trade is parked until the row arrives, at most for {@code join.wait.timeout}. */
    WAIT,
    /** The trade is counted and dropped. */
    DROP,
    /** The trade becomes a dead letter. */
    DEAD_LETTER;

    /** The policy that applies when two rows are missing. */
    public MissingRow stricter(MissingRow other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
