package io.tradeenrichment.config;

/** What becomes of a trade that refers to a row which is not there. */
public enum MissingRow {
    /** It is kept until the row arrives, or until the wait is over. */
    WAIT,
    /** It leaves with that dimension's columns null. */
    PARTIAL,
    /** It becomes a dead letter. */
    DEAD_LETTER,
    /** It is counted, and goes no further. */
    DROP
}
