package io.tradeenrichment.config;

/** What becomes of a trade whose row is missing; declared from the mildest to the gravest. */
public enum MissingRow {
    /** It leaves with null columns. */
    PARTIAL,
    /** It is parked until the row arrives, for as long as {@code join.wait.timeout} says. */
    WAIT,
    /** It is counted and gone. */
    DROP,
    /** It becomes a dead letter. */
    DEAD_LETTER;

    /** Of the policies for two missing rows, the one that is followed. */
    public MissingRow graver(MissingRow other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
