package io.tradeenrichment.config;

/** What happens to a trade whose row is missing. Declared from the mildest to the strictest. */
public enum MissingRow {
    /** It is enriched with null columns. */
    PARTIAL,
    /** It is parked until the row arrives, for at most {@code join.wait.timeout}. */
    WAIT,
    /** It is dropped and counted. */
    DROP,
    /** The trade becomes a dead letter. */
    DEAD_LETTER;

    /** The strictest policy applies if several rows are missing. */
    public boolean isStricterThan(MissingRow other) {
        return compareTo(other) > 0;
    }
}
