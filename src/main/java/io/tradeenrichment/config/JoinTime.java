package io.tradeenrichment.config;

/** Which version of a row a trade is joined with. */
public enum JoinTime {
    /** The newest version. */
    LATEST,
    /** The version that is valid at the trade's time. */
    AS_OF
}
