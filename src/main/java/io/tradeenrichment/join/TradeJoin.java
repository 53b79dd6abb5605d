package io.tradeenrichment.join;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.Splice;
import io.tradeenrichment.codec.TradeParser;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Joins each trade with its row of each dimension. Runs in a {@link TradeJoinOperator} only.
 *
 * <p>A trade whose id was seen before is a duplicate. For any other trade {@link MissingRowRules} decide. Trades of one
 * key keep their order: behind a parked trade, later trades are parked too. A parked trade is re-evaluated when the row
 * arrives, when its wait is over by the {@link ReadClock}, and when the input has ended.
 *
 * <p>The initial snapshot of the dimensions is loaded in {@link #initializeState}, before the first trade.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState, then open, before the first element
public final class TradeJoin extends KeyedBroadcastProcessFunction<Long, Trade, DimensionEvent, EnrichedTrade>
        implements CheckpointedFunction {
    /** An event-time timer that fires when the input has ended: in a bounded run, or at a stop that drains. */
    private static final long END_OF_INPUT = Long.MAX_VALUE;

    private final JobConfig job;
    private final DimensionSnapshot snapshot;
    private final int generation;
    private final EnrichedLayout layout;
    private final WireFormat wire;

    private transient OperatorAccess operator;
    private transient JoinState state;
    private transient MissingRowRules rules;
    private transient TradeCompletion completion;
    private transient ReadClock clock;
    private transient TradeRows rows;

    /**
     * @param generation of the initial load; a higher one than in the state loads the snapshot again
     * @param layout of the enriched trades
     * @param wire reads restored trades again if their layout has changed
     */
    public TradeJoin(
            JobConfig job, DimensionSnapshot snapshot, int generation, EnrichedLayout layout, WireFormat wire) {
        this.job = job;
        this.snapshot = snapshot;
        this.generation = generation;
        this.layout = layout;
        this.wire = wire;
    }

    List<Dimension> dimensions() {
        return job.dimensionList();
    }

    /** Binds the function to its operator. To be called before {@link #initializeState}. */
    void bind(OperatorAccess operator) {
        this.operator = operator;
    }

    private OperatorAccess requireOperator() {
        return Objects.requireNonNull(operator, "TradeJoin runs in a TradeJoinOperator only");
    }

    /** The state; for reading. */
    JoinState state() {
        return state;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        state = JoinState.open(context, requireOperator(), job, layout, wire.schemas());
        state.register(getRuntimeContext());
        snapshot.register((name, value) -> metrics.gauge(name, (Gauge<Long>) value::getAsLong));
        rules = new MissingRowRules(job);
        rows = new TradeRows(job.dimensionList().size());
        completion = new TradeCompletion(
                state,
                rules,
                new Splice(layout.prefix(), layout.nullColumns()),
                job.wire().maxEnrichedSize(),
                metrics.counter("partial"));
        // Every subtask reads the whole snapshot, so only one of them sends the rejected records.
        boolean sendsRejected = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        state.tables().load(snapshot, generation, rejected -> {
            if (sendsRejected) {
                state.unsent().add(rejected);
            }
        });
    }

    /** Sets a timer for each restored queue: a reload may have delivered its rows, and its wait starts again. */
    @Override
    public void open(OpenContext context) throws Exception {
        long now = operator.currentProcessingTime();
        clock = new ReadClock(now, job);
        boolean isLayoutNew = state.settings().tradeLayout() != layout.tradeLayout();
        TradeParser parser = new TradeParser(wire, new MeteredSchemas(wire.writers()));
        for (Long key : restoredKeys()) {
            operator.setCurrentKey(key);
            if (isLayoutNew) {
                state.parked().replaceAll(key, parked -> parseAgain(parked, parser));
            }
            state.parked().waiting().put(key);
            operator.registerTimer(now);
        }
    }

    private List<Long> restoredKeys() {
        try (Stream<Long> restored = operator.keys(ParkedTrades.stateOfWaitingKeys())) {
            return restored.toList();
        }
    }

    /**
     * A parked trade is encoded under the schema that the job had when it was parked. Its source record shows how the
     * writer encoded it. Null if it cannot be read any more; it becomes a dead letter.
     */
    private @Nullable ParkedTrade parseAgain(ParkedTrade parked, TradeParser parser) throws Exception {
        try {
            return new ParkedTrade(parser.parse(parked.trade().source()), parked.since());
        } catch (DecodeException e) {
            state.forget(parked.trade());
            state.ledger().enter(Account.PARKED, -1);
            state.ledger().enter(Account.DEAD_LETTERED);
            state.unsent().add(new RejectedRecord(parked.trade().source(), e.reason(), e.sentence()));
            return null;
        }
    }

    @Override
    public void processElement(Trade trade, ReadOnlyContext context, Collector<EnrichedTrade> out) throws Exception {
        if (!state.unsent().isEmpty()) {
            state.unsent().sendTo(record -> context.output(ModelTypes.REJECTED, record));
        }
        if (!state.addIfNew(trade, context.currentProcessingTime())) {
            state.ledger().enter(Account.DUPLICATES);
            return;
        }
        Long key = context.getCurrentKey();
        boolean isQueued = state.parked().isWaiting(key);
        state.tables().find(trade, rows);
        Decision decision = rules.decide(clock.isReadUpTo(trade), rows.missing(), isQueued, WaitStatus.WAITING);
        if (decision.parks()) {
            park(key, trade, condition(decision, trade), context);
            return;
        }
        RejectedRecord rejected = completion.complete(decision, WaitStatus.WAITING, trade, rows, out);
        if (rejected != null) {
            context.output(ModelTypes.REJECTED, rejected);
        }
    }

    private void park(Long key, Trade trade, @Nullable WaitCondition condition, ReadOnlyContext context)
            throws Exception {
        long now = context.currentProcessingTime();
        if (!state.parked().isWaiting(key)) {
            // One timer per queue: when it fires and trades are left, the next one is set for the first of them.
            context.timerService()
                    .registerProcessingTimeTimer(now + job.join().waitTimeout().toMillis());
            context.timerService().registerEventTimeTimer(END_OF_INPUT);
        }
        state.parked().park(key, trade, condition, clock.waitTime(now));
        state.ledger().enter(Account.PARKED);
    }

    /** What a trade waits for; null if it only waits behind others. */
    private @Nullable WaitCondition condition(Decision decision, Trade trade) {
        if (decision.equals(Decision.PARK_UNTIL_READ)) {
            return new WaitCondition.Time(clock.requiredMillis(trade));
        }
        int missing = decision.dimension();
        return missing == Decision.NONE
                ? null
                : WaitCondition.Row.of(rules.dimension(missing), trade.id(missing), trade.text(missing));
    }

    @Override
    public void processBroadcastElement(DimensionEvent event, Context context, Collector<EnrichedTrade> out)
            throws Exception {
        JoinOutputs outputs = new JoinOutputs(out, record -> context.output(ModelTypes.REJECTED, record));
        state.unsent().sendTo(outputs.rejected());
        long now = context.currentProcessingTime();
        if (event instanceof DimensionUpdate update) {
            apply(update, now, outputs);
        } else if (event instanceof ReadProgress progress) {
            clock.advance(progress, now);
            releaseReadUpTo(now, outputs);
        }
    }

    private void apply(DimensionUpdate update, long now, JoinOutputs outputs) throws Exception {
        if (!state.tables().applyLive(update)) {
            return;
        }
        LateVersions late = state.late();
        if (late != null) {
            late.add(update);
        }
        for (Long key : state.parked().waiting().waitingFor(update.dimension(), update.id(), update.text())) {
            release(key, now, outputs);
        }
    }

    /** Re-evaluates the trades that waited for the dimensions to be read this far. */
    private void releaseReadUpTo(long now, JoinOutputs outputs) throws Exception {
        for (Long key : state.parked().waiting().waitingUntil(clock.readUpTo())) {
            ParkedTrade first = release(key, now, outputs);
            if (first != null && clock.isReadUpTo(first.trade())) {
                operator.registerTimer(clock.nextEvaluation(first, now));
            }
        }
    }

    private @Nullable ParkedTrade release(Long key, long now, JoinOutputs outputs) throws Exception {
        operator.setCurrentKey(key);
        return state.parked().release(key, parked -> reevaluate(parked, clock.status(parked, now), outputs));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<EnrichedTrade> out) throws Exception {
        JoinOutputs outputs = new JoinOutputs(out, record -> context.output(ModelTypes.REJECTED, record));
        state.unsent().sendTo(outputs.rejected());
        boolean inputEnded = context.timeDomain() == TimeDomain.EVENT_TIME;
        long now = context.currentProcessingTime();
        ParkedTrade first = state.parked()
                .release(
                        context.getCurrentKey(),
                        parked -> reevaluate(
                                parked, inputEnded ? WaitStatus.INPUT_ENDED : clock.status(parked, now), outputs));
        if (first != null) {
            // A queue that waits for the dimensions to be read is released by that; it only keeps its one timer.
            context.timerService()
                    .registerProcessingTimeTimer(
                            clock.isReadUpTo(first.trade())
                                    ? clock.nextEvaluation(first, now)
                                    : now + job.join().waitTimeout().toMillis());
        } else if (!inputEnded) {
            context.timerService().deleteEventTimeTimer(END_OF_INPUT);
        }
    }

    /** Returns what a parked trade still has to wait for; null if it has been completed. */
    private @Nullable WaitCondition reevaluate(ParkedTrade parked, WaitStatus wait, JoinOutputs outputs)
            throws Exception {
        Trade trade = parked.trade();
        state.tables().find(trade, rows);
        Decision decision = rules.decide(clock.isReadUpTo(trade), rows.missing(), false, wait);
        if (decision.parks()) {
            return condition(decision, trade);
        }
        state.ledger().enter(Account.PARKED, -1);
        RejectedRecord rejected = completion.complete(decision, wait, trade, rows, outputs.enriched());
        if (rejected != null) {
            outputs.rejected().accept(rejected);
        }
        return null;
    }

    /** The input of the dimensions has ended: no further row arrives. */
    void endDimensions(long now, JoinOutputs outputs) throws Exception {
        clock.end(now);
        releaseReadUpTo(now, outputs);
    }

    /** An input has ended: a subtask may end without having processed any element. */
    void endInput(JoinOutputs outputs) {
        state.unsent().sendTo(outputs.rejected());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        state.snapshot(job.join().keyBy(), layout.tradeLayout(), wire.schemas().enrichedJson());
    }
}
