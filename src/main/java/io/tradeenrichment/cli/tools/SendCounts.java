package io.tradeenrichment.cli.tools;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts of the records that were sent.
 *
 * @param trades all trade records, including duplicates and malformed ones
 */
record SendCounts(long instruments, long users, long trades, long duplicates, long malformed) {
    static final SendCounts NOTHING = new SendCounts(0, 0, 0, 0, 0);

    SendCounts instrument() {
        return new SendCounts(instruments + 1, users, trades, duplicates, malformed);
    }

    SendCounts user() {
        return new SendCounts(instruments, users + 1, trades, duplicates, malformed);
    }

    SendCounts trade(boolean duplicate, boolean isMalformed) {
        return new SendCounts(
                instruments, users, trades + 1, duplicates + (duplicate ? 1 : 0), malformed + (isMalformed ? 1 : 0));
    }

    /**
     * The last line of output, with the number of enriched trades that the job makes of it with its default settings.
     *
     * @param seconds the time of sending the trades
     */
    Map<String, Object> summary(long firstTradeId, double seconds) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("trades", trades);
        line.put("duplicates", duplicates);
        line.put("malformed", malformed);
        line.put("expected_enriched", trades - duplicates - malformed);
        line.put("instruments", instruments);
        line.put("users", users);
        line.put("first_trade_id", firstTradeId);
        line.put("seconds", seconds);
        line.put("trades_per_second", seconds > 0 ? Math.round(trades / seconds) : 0);
        return line;
    }
}
