package io.tradeenrichment.join;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JoinTime;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Trade;
import java.time.Duration;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.jspecify.annotations.Nullable;

/**
 * The state of the join on one subtask. It is opened once per attempt.
 *
 * @param seen null if duplicates are not dropped
 * @param late null unless the join is as of the trade's time
 */
record JoinState(
        Ledger ledger,
        SavedSettings settings,
        SavedOutputSchema outputSchema,
        UnsentRecords unsent,
        DimensionTables tables,
        ParkedTrades parked,
        @Nullable SeenTradeIds seen,
        @Nullable LateVersions late) {

    static JoinState open(
            FunctionInitializationContext context,
            OperatorAccess operator,
            JobConfig job,
            EnrichedLayout layout,
            JobSchemas schemas)
            throws Exception {
        var store = context.getOperatorStateStore();
        JobConfig.Join config = job.join();
        SavedSettings settings = new SavedSettings(store);
        settings.check(config.keyBy());
        DimensionTables tables = new DimensionTables(store, job, layout);
        return new JoinState(
                new Ledger(
                        store,
                        Account.ENRICHED,
                        Account.DUPLICATES,
                        Account.DEAD_LETTERED,
                        Account.DROPPED,
                        Account.PARKED),
                settings,
                new SavedOutputSchema(store),
                new UnsentRecords(store),
                tables,
                new ParkedTrades(context.getKeyedStateStore(), config.waitTimeout()),
                seenTrades(operator, config.dedupRetention(), schemas.trade().isTextTradeId()),
                config.time() == JoinTime.AS_OF ? new LateVersions(tables, config.asOfWait()) : null);
    }

    private static @Nullable SeenTradeIds seenTrades(OperatorAccess operator, Duration retention, boolean textIds)
            throws Exception {
        if (retention.isZero()) {
            return null;
        }
        return textIds
                ? new SeenTradeTexts(operator.idTexts(retention))
                : new SeenTrades(
                        new IdPageCache(operator.idPages(retention), operator, IdPageCache.MAX_ENTRIES), retention);
    }

    /** Registers metrics and accumulators. */
    void register(RuntimeContext context) {
        ledger.register(context);
        MetricGroup metrics = context.getMetricGroup();
        tables.register(metrics);
        metrics.gauge("waitingKeys", (Gauge<Integer>) () -> parked.waiting().size());
        metrics.gauge("parkedLooks", (Gauge<Long>) parked::evaluations);
        if (late != null) {
            late.register(metrics);
        }
    }

    /** True if the trade's id is new within the retention. */
    boolean addIfNew(Trade trade, long now) throws Exception {
        return seen == null || seen.add(trade, now);
    }

    /** Removes the id of a trade that did not leave enriched: it may be sent again, corrected or after its row. */
    void forget(Trade trade) throws Exception {
        if (seen != null) {
            seen.remove(trade);
        }
    }

    /** Writes to state what is kept in memory between checkpoints. */
    void snapshot(KeyBy keyBy, long tradeLayout, String enrichedSchema) throws Exception {
        ledger.snapshot();
        tables.snapshot();
        settings.save(keyBy, tables.order(), tradeLayout);
        outputSchema.save(enrichedSchema);
        if (seen != null) {
            seen.snapshot();
        }
        unsent.snapshot();
    }
}
