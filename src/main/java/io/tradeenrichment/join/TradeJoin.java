package io.tradeenrichment.join;

import io.tradeenrichment.codec.Splice;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JoinTime;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Joins each trade with its instrument and its user.
 *
 * <p>A trade seen before is a duplicate. A trade whose rows both stand leaves enriched at once, unless earlier trades of
 * its key are parked: then it queues behind them, so that order is kept. For a missing row the dimension's policy
 * decides; of two policies the stricter one, in the order dead letter, drop, wait, partial. A wait ends when the row
 * arrives, when it has lasted {@code join.wait.timeout} by the {@link ReadClock}, or when the input has ended and no row
 * can come any more.
 *
 * <p>The snapshot of the dimensions is loaded in {@link #initializeState}, before the first trade.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState, then open, before the first element
public final class TradeJoin extends KeyedBroadcastProcessFunction<Long, Trade, DimensionEvent, EnrichedTrade>
        implements CheckpointedFunction {
    /** Fires when the input has ended: only a bounded run, or a stop that drains, brings time so far. */
    private static final long END_OF_INPUT = Long.MAX_VALUE;

    private static final long MICROS_PER_MILLI = 1000;
    /** Between two looks at a queue whose wait is nearly over. */
    private static final long SHORTEST_LOOK_MILLIS = 100;
    /** The same while the clock of waits does not run: many queues may be in that place. */
    private static final long LOOK_WHILE_HELD_UP_MILLIS = 5_000;

    static final ListStateDescriptor<RejectedRecord> UNSENT =
            new ListStateDescriptor<>("unsent-rejections", ModelTypes.REJECTION);

    private final JobConfig job;
    private final JobConfig.Join config;
    private final DimensionSnapshot standing;
    private final int generation;
    private final byte[] prefix;
    private final int maxEnrichedSize;
    private final long waitTimeout;
    private final boolean waitsForTime;

    private transient Splice splice;
    private transient Ledger ledger;
    private transient DimensionTables tables;
    private transient SavedSettings savedSettings;
    private transient ParkedTrades parked;
    private transient @Nullable SeenTrades seen;
    private transient ListState<RejectedRecord> unsentState;
    /** Standing records that are no rows: found while loading, when nothing can be sent yet. */
    private transient List<RejectedRecord> unsent;

    /** Null where the latest version counts, whatever the trade's time. */
    private transient @Nullable LateVersions late;

    private transient Counter partial;
    private transient @Nullable KeyContext keys;
    private transient @Nullable WakeUps wakeUps;
    private transient ReadClock reading;

    /**
     * @param generation which load of the standing rows this job needs; raised for a deliberate reload
     * @param prefix the framing of what is written
     */
    public TradeJoin(JobConfig job, DimensionSnapshot standing, int generation, byte[] prefix) {
        this.job = job;
        this.config = job.join();
        this.standing = standing;
        this.generation = generation;
        this.prefix = prefix.clone();
        this.maxEnrichedSize = job.wire().maxEnrichedSize();
        this.waitTimeout = config.waitTimeout().toMillis();
        this.waitsForTime = !config.asOfWait().isZero();
    }

    /**
     * Lends what only an operator has; before {@link #open}.
     *
     * @param keys lets an arriving row step into the keys that wait for it
     * @param wakeUps sets timers for them
     * @param began when this attempt began, processing time in milliseconds since 1970
     */
    void runWith(KeyContext keys, WakeUps wakeUps, long began) {
        this.keys = keys;
        this.wakeUps = wakeUps;
        this.reading = new ReadClock(began);
    }

    /** Sets a timer for the current key. */
    interface WakeUps {
        /** @param time processing time, milliseconds since 1970 */
        void at(long time);
    }

    /** How long a trade's id is remembered; zero if it is not. */
    Duration dedupRetention() {
        return config.dedupRetention();
    }

    /** Remembers trades from now on. Its pages are state of a key and a name, which an operator has and a function not. */
    void remember(SeenTrades seen) {
        this.seen = seen;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        splice = new Splice(prefix);
        var store = context.getOperatorStateStore();
        ledger = new Ledger(
                store, Account.ENRICHED, Account.DUPLICATES, Account.DEAD_LETTERED, Account.DROPPED, Account.PARKED);
        unsentState = store.getListState(UNSENT);
        unsent = new ArrayList<>();
        unsentState.get().forEach(unsent::add);
        savedSettings = new SavedSettings(store);
        savedSettings.check(config.keyBy());
        tables = new DimensionTables(store, job);
        late = config.time() == JoinTime.AS_OF ? new LateVersions(tables, config.asOfWait()) : null;
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        tables.show(metrics);
        standing.show((name, value) -> metrics.gauge(name, (Gauge<Long>) value::getAsLong));
        // Every subtask reads all rows; one of them speaks for the records that are none.
        boolean speaks = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        tables.load(standing, generation, rejection -> {
            if (speaks) {
                unsent.add(rejection);
            }
        });
    }

    @Override
    public void open(OpenContext context) {
        parked = new ParkedTrades(getRuntimeContext(), config.waitTimeout());
        ledger.show(getRuntimeContext());
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        partial = metrics.counter("partial");
        if (late != null) {
            late.show(metrics);
        }
        metrics.gauge("waitingKeys", (Gauge<Integer>) () -> parked.waiting().size());
        metrics.gauge("parkedLooks", (Gauge<Long>) parked::looks);
    }

    /** The rows as this subtask holds them; for reading. */
    DimensionTables tables() {
        return tables;
    }

    /** The trades that wait on this subtask; for reading. */
    ParkedTrades parked() {
        return parked;
    }

    /** What came too late; for reading. Null where the latest version counts. */
    @Nullable LateVersions late() {
        return late;
    }

    /** A restored key has parked trades. */
    void restoreWaiting(Long key) {
        parked.waiting().put(key);
    }

    @Override
    public void processElement(Trade trade, ReadOnlyContext context, Collector<EnrichedTrade> out) throws Exception {
        if (!unsent.isEmpty()) {
            sendUnsent(rejection -> context.output(ModelTypes.REJECTED, rejection));
        }
        if (seen != null && !seen.add(trade.tradeId(), context.currentProcessingTime())) {
            ledger.enter(Account.DUPLICATES);
            return;
        }
        Long key = context.getCurrentKey();
        boolean queues = parked.isWaiting(key);
        if (waitsForTime && !isReadUpTo(trade)) {
            park(key, trade, awaitedTime(trade), context);
            return;
        }
        byte[] instrument = tables.instrument(trade);
        byte[] user = tables.user(trade);
        if (instrument != null && user != null && !queues) {
            byte[] value = splice.splice(trade.bytes(), trade.start(), instrument, user);
            if (value.length <= maxEnrichedSize) {
                enrich(trade, value, out);
            } else {
                rejectAsTooLarge(trade, value, rejection -> context.output(ModelTypes.REJECTED, rejection));
            }
            return;
        }
        MatchedRows match = new MatchedRows(trade, instrument, user);
        MissingRow policy = match.policy(config);
        Dimension missing = match.missing(policy, config);
        if (policy == MissingRow.WAIT) {
            park(key, trade, new WaitCondition.Row(missing, trade.idOf(missing)), context);
        } else if (policy == MissingRow.PARTIAL && queues) {
            park(key, trade, null, context);
        } else {
            conclude(
                    policy,
                    match,
                    missing,
                    "",
                    new JoinOutputs(out, rejection -> context.output(ModelTypes.REJECTED, rejection)));
        }
    }

    @Override
    public void processBroadcastElement(DimensionEvent event, Context context, Collector<EnrichedTrade> out)
            throws Exception {
        JoinOutputs exits = new JoinOutputs(out, rejection -> context.output(ModelTypes.REJECTED, rejection));
        sendUnsent(exits.rejected());
        if (event instanceof DimensionUpdate update) {
            apply(update, context.currentProcessingTime(), exits);
        } else if (event instanceof ReadProgress progress) {
            long now = context.currentProcessingTime();
            reading.advance(progress, now);
            releaseReadUpTo(now, exits);
        }
    }

    private void apply(DimensionUpdate update, long now, JoinOutputs exits) throws Exception {
        if (!tables.applyLive(update)) {
            return;
        }
        if (late != null) {
            late.look(update);
        }
        if (parked.waiting().isEmpty()) {
            return;
        }
        KeyContext keyContext = lent(keys);
        for (Long key : parked.waiting().waitingFor(update.dimension(), update.id())) {
            keyContext.setCurrentKey(key);
            parked.release(key, waiting -> settle(waiting, now, exits));
        }
    }

    /** The input of the dimensions has ended: what waited for it is re-evaluated. */
    void endDimensions(long now, JoinOutputs exits) throws Exception {
        reading.end(now);
        releaseReadUpTo(now, exits);
    }

    /** The dimensions have been read further: what waited for that is re-evaluated. */
    private void releaseReadUpTo(long now, JoinOutputs exits) throws Exception {
        KeyContext keyContext = lent(keys);
        for (Long key : parked.waiting().waitingUntil(reading.readUpTo())) {
            keyContext.setCurrentKey(key);
            ParkedTrade first = parked.release(key, waiting -> settle(waiting, now, exits));
            if (first != null && isReadUpTo(first.trade())) {
                lent(wakeUps).at(nextLook(first, now));
            }
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<EnrichedTrade> out) throws Exception {
        JoinOutputs exits = new JoinOutputs(out, rejection -> context.output(ModelTypes.REJECTED, rejection));
        sendUnsent(exits.rejected());
        boolean ended = context.timeDomain() == TimeDomain.EVENT_TIME;
        long now = ended ? END_OF_INPUT : context.currentProcessingTime();
        ParkedTrade first = parked.release(context.getCurrentKey(), waiting -> settle(waiting, now, exits));
        if (first != null) {
            // What waits for the dimensions to be read is woken by that; its queue just keeps its one timer.
            context.timerService()
                    .registerProcessingTimeTimer(isReadUpTo(first.trade()) ? nextLook(first, now) : now + waitTimeout);
        } else if (!ended) {
            context.timerService().deleteEventTimeTimer(END_OF_INPUT);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.snapshot();
        tables.snapshot();
        savedSettings.save(config.keyBy(), tables.order());
        if (seen != null) {
            seen.snapshot();
        }
        unsentState.update(unsent);
    }

    private static <T> T lent(@Nullable T fromOperator) {
        if (fromOperator == null) {
            throw new IllegalStateException("TradeJoin runs in a TradeJoinOperator only");
        }
        return fromOperator;
    }

    private void park(Long key, Trade trade, @Nullable WaitCondition awaited, ReadOnlyContext context)
            throws Exception {
        long now = context.currentProcessingTime();
        if (!parked.isWaiting(key)) {
            // One timer per queue: when it fires and trades are left, the next one is set for the then first.
            context.timerService().registerProcessingTimeTimer(now + waitTimeout);
            context.timerService().registerEventTimeTimer(END_OF_INPUT);
        }
        parked.park(key, trade, awaited, reading.waitTime(now));
        ledger.enter(Account.PARKED);
    }

    /** Looks at a parked trade again; null if it left, otherwise what it has to wait for. */
    private @Nullable WaitCondition settle(ParkedTrade waiting, long now, JoinOutputs exits) throws Exception {
        Trade trade = waiting.trade();
        if (!isReadUpTo(trade) && now != END_OF_INPUT) {
            return awaitedTime(trade);
        }
        MatchedRows match = new MatchedRows(trade, tables.instrument(trade), tables.user(trade));
        MissingRow policy = match.policy(config);
        Dimension missing = match.missing(policy, config);
        String when = "";
        if (policy == MissingRow.WAIT) {
            if (now != END_OF_INPUT && isWaiting(waiting, now)) {
                return new WaitCondition.Row(missing, trade.idOf(missing));
            }
            policy = config.waitThen();
            when = now == END_OF_INPUT ? " before the input ended" : " within join.wait.timeout";
        }
        ledger.enter(Account.PARKED, -1);
        conclude(policy, match, missing, when, exits);
        return null;
    }

    private boolean isReadUpTo(Trade trade) {
        return !waitsForTime || reading.readUpTo() >= awaitedMillis(trade);
    }

    private WaitCondition awaitedTime(Trade trade) {
        return new WaitCondition.Time(awaitedMillis(trade));
    }

    /** A trade was made before it was written: a trade time in the future must not hold up its queue until then. */
    private long awaitedMillis(Trade trade) {
        long made = Math.floorDiv(trade.tradeTime(), MICROS_PER_MILLI);
        long written = trade.received().timestamp();
        return (written < 0 ? made : Math.min(made, written))
                + config.asOfWait().toMillis();
    }

    private boolean isWaiting(ParkedTrade waiting, long now) {
        return reading.waitTime(now) < reading.endOfWait(waiting.since(), waitTimeout);
    }

    /** When the wait can be over at the earliest. By then the clock of waits may be a little behind, or not run. */
    private long nextLook(ParkedTrade waiting, long now) {
        long left = reading.endOfWait(waiting.since(), waitTimeout) - reading.waitTime(now);
        return now + Math.max(left, reading.isRunning(now) ? SHORTEST_LOOK_MILLIS : LOOK_WHILE_HELD_UP_MILLIS);
    }

    private void conclude(MissingRow policy, MatchedRows match, Dimension missing, String when, JoinOutputs exits)
            throws Exception {
        Trade trade = match.trade();
        if (policy == MissingRow.PARTIAL) {
            byte[] value = splice.splice(trade.bytes(), trade.start(), match.instrument(), match.user());
            if (value.length > maxEnrichedSize) {
                rejectAsTooLarge(trade, value, exits.rejected());
                return;
            }
            if (match.isPartial()) {
                partial.inc();
            }
            enrich(trade, value, exits.enriched());
            return;
        }
        if (policy == MissingRow.DROP) {
            forget(trade);
            ledger.enter(Account.DROPPED);
            return;
        }
        reject(
                trade,
                Reason.missing(missing),
                "trade " + trade.tradeId() + " found no " + missing.title() + " " + trade.idOf(missing) + when,
                exits.rejected());
    }

    private void enrich(Trade trade, byte[] value, Collector<EnrichedTrade> out) {
        ledger.enter(Account.ENRICHED);
        if (late != null) {
            late.add(trade);
        }
        out.collect(new EnrichedTrade(trade.instrumentId(), trade.received().timestamp(), value));
    }

    private void rejectAsTooLarge(Trade trade, byte[] value, Consumer<RejectedRecord> rejected) throws Exception {
        reject(
                trade,
                Reason.ENRICHED_TOO_LARGE,
                "trade " + trade.tradeId() + " has " + value.length + " bytes once it is enriched, more than"
                        + " wire.enriched.max-size",
                rejected);
    }

    private void reject(Trade trade, Reason reason, String sentence, Consumer<RejectedRecord> rejected)
            throws Exception {
        forget(trade);
        ledger.enter(Account.DEAD_LETTERED);
        rejected.accept(new RejectedRecord(trade.received(), reason, sentence));
    }

    /** It did not leave, so it may come again, corrected or after its row. */
    private void forget(Trade trade) throws Exception {
        if (seen != null) {
            seen.remove(trade.tradeId());
        }
    }

    /** Sends what was found while loading, as soon as anything can be sent. */
    void sendUnsent(Consumer<RejectedRecord> rejected) {
        unsent.forEach(rejected);
        unsent.clear();
    }
}
