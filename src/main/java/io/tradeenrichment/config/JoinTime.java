package io.tradeenrichment.config;

/** Which version of a row a trade is joined with. */
public enum JoinTime {
    /** The newest one there is. */
    LATEST,
    /** The one that was valid at the trade's time. */
    AS_OF
}
