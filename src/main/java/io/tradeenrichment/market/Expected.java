package io.tradeenrichment.market;

/**
 * What a run over a market must count, whatever the order in which its feeds are read.
 *
 * @param enriched trades that come out: all but the duplicates and the malformed, since every id has its row in the end
 */
public record Expected(long trades, long duplicates, long malformed, long enriched) {}
