package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.join.JoinStateDescriptors;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a savepoint contains of the job's state, counted.
 *
 * @param generation of the load that the rows come from; empty if no load was completed
 * @param keyBy the code of how trades are keyed; empty if no state shows it
 * @param outputSchema of the enriched trades, as JSON; empty if the state does not have it
 * @param seenIds including those whose retention has expired
 * @param positions the next offset by topic and partition
 */
public record SavepointContents(
        Map<Dimension, JoinStateDescriptors.Table> rows,
        OptionalLong generation,
        OptionalLong keyBy,
        Optional<String> outputSchema,
        long parkedTrades,
        long seenIds,
        Map<Account, Long> totals,
        Map<String, Map<Integer, Long>> positions) {

    long total(Account account) {
        return totals.getOrDefault(account, 0L);
    }

    /** Trades that are in no account: they are in flight in an unaligned checkpoint, or missing. */
    long unaccounted() {
        return Account.residual(this::total);
    }

    JoinStateDescriptors.Table rowsOf(Dimension dimension) {
        return rows.getOrDefault(dimension, new JoinStateDescriptors.Table(0, 0, 0, 0));
    }

    /** The figures by their names in the report. */
    public Map<String, @Nullable Object> figures() {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        for (Dimension dimension : rows.keySet()) {
            JoinStateDescriptors.Table table = rowsOf(dimension);
            String title = dimension.feed().title();
            figures.put(title + "_rows", table.rows());
            figures.put(title + "_versions", table.versions());
            figures.put(title + "_deletions", table.deletions());
            figures.put(title + "_digest", String.format(Locale.ROOT, "%016x", table.digest()));
        }
        figures.put("generation", generation.isPresent() ? generation.getAsLong() : null);
        figures.put("key_by", keyBy.isPresent() ? KeyBy.titleOf(keyBy.getAsLong()) : null);
        figures.put("parked_trades", parkedTrades);
        figures.put("seen_ids", seenIds);
        for (Account account : Account.values()) {
            figures.put(account.title(), total(account));
        }
        figures.put("unaccounted", unaccounted());
        figures.put("positions", positions);
        return figures;
    }
}
