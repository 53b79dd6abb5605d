package io.tradeenrichment.model;

/**
 * A trade that waits for a row, or behind a trade that does.
 *
 * @param since when it was parked, by the wait clock of the join, milliseconds since 1970
 */
public record ParkedTrade(Trade trade, long since) {}
