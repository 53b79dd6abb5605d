package io.tradeenrichment.model;

/**
 * A trade that waits for a row, or behind one that does.
 *
 * @param since when it was parked, processing time in milliseconds since 1970
 */
public record ParkedTrade(Trade trade, long since) {}
