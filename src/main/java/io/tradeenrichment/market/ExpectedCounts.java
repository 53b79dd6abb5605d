package io.tradeenrichment.market;

/**
 * The counts of a complete run over a market, in any order of its feeds.
 *
 * @param enriched all trades but the duplicates and the malformed ones, since every row arrives in the end
 */
public record ExpectedCounts(long trades, long duplicates, long malformed, long enriched) {}
