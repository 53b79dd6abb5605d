package io.tradeenrichment.cli.tools;

import io.tradeenrichment.model.Dimension;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts of the records that were sent. Not thread-safe. */
final class SendCounts {
    private final List<Dimension> dimensions;
    private final long[] rows;
    private long trades;
    private long duplicates;
    private long malformed;

    SendCounts(List<Dimension> dimensions) {
        this.dimensions = List.copyOf(dimensions);
        this.rows = new long[dimensions.size()];
    }

    /** @param dimension its index */
    void addRow(int dimension) {
        rows[dimension]++;
    }

    void addTrade(boolean isDuplicate, boolean isMalformed) {
        trades++;
        duplicates += isDuplicate ? 1 : 0;
        malformed += isMalformed ? 1 : 0;
    }

    /** All trade records, including duplicates and malformed ones. */
    long trades() {
        return trades;
    }

    long duplicates() {
        return duplicates;
    }

    long malformed() {
        return malformed;
    }

    /** By the title of the dimension's feed, in the order of the settings. */
    Map<String, Long> rows() {
        Map<String, Long> byTitle = new LinkedHashMap<>();
        for (int i = 0; i < rows.length; i++) {
            byTitle.put(dimensions.get(i).feed().title(), rows[i]);
        }
        return byTitle;
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
        line.putAll(rows());
        line.put("first_trade_id", firstTradeId);
        line.put("seconds", seconds);
        line.put("trades_per_second", seconds > 0 ? Math.round(trades / seconds) : 0);
        return line;
    }
}
