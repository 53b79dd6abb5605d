package io.tradeenrichment.join;

import io.tradeenrichment.Samples;
import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.config.DimensionConfig;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JoinTime;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.config.TradeConfig;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** The join on one subtask, with trades and rows as input. Time advances only when a test advances it. */
final class JoinHarness implements AutoCloseable {
    static final Duration WAIT = Duration.ofMinutes(1);
    static final JobConfig.Join WAITING = config(MissingRow.WAIT, MissingRow.WAIT, MissingRow.DEAD_LETTER);
    static final int MAX_ENRICHED_SIZE = 1000;
    static final JobConfig.Wire WIRE = new JobConfig.Wire(
            Framing.SINGLE_OBJECT, 1 << 20, MAX_ENRICHED_SIZE, List.of(), TradeConfig.BUNDLED, KeyFormats.BIG_ENDIAN);
    static final JobConfig.Dimensions LATEST_ONLY = new JobConfig.Dimensions(
            DimensionConfig.DEFAULTS, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(7), 1);
    static final JobConfig.Dimensions TIMELINES = new JobConfig.Dimensions(
            DimensionConfig.DEFAULTS, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(7), 100);
    static final int MAX_PARALLELISM = 8;

    private final KeyedBroadcastOperatorTestHarness<Long, Trade, DimensionEvent, EnrichedTrade> harness;
    private final TradeJoin join;
    private int outputsRead;
    private long now;

    private JoinHarness(
            KeyedBroadcastOperatorTestHarness<Long, Trade, DimensionEvent, EnrichedTrade> harness,
            TradeJoin join,
            long now) {
        this.harness = harness;
        this.join = join;
        this.now = now;
    }

    static JobConfig.Join config(MissingRow instrument, MissingRow user, MissingRow then) {
        return new JobConfig.Join(
                List.of(instrument, user),
                WAIT,
                then,
                KeyBy.INSTRUMENT_ID,
                Duration.ofHours(1),
                JoinTime.LATEST,
                Duration.ZERO);
    }

    /** {@link #WAITING} with another key. */
    static JobConfig.Join keyedBy(KeyBy keyBy) {
        return new JobConfig.Join(
                WAITING.missing(),
                WAITING.waitTimeout(),
                WAITING.waitThen(),
                keyBy,
                WAITING.dedupRetention(),
                WAITING.time(),
                WAITING.asOfWait());
    }

    /** Joins with the versions that were valid at the trade time. */
    static JobConfig.Join asOf(Duration wait, MissingRow missing) {
        return new JobConfig.Join(
                List.of(missing, missing),
                WAIT,
                MissingRow.DEAD_LETTER,
                KeyBy.INSTRUMENT_ID,
                Duration.ofHours(1),
                JoinTime.AS_OF,
                wait);
    }

    static JobConfig job(JobConfig.Join config) {
        return new JobConfig(WIRE, config, LATEST_ONLY);
    }

    static JoinHarness open(JobConfig.Join config) throws Exception {
        return new Setup(config).open();
    }

    static Setup with(JobConfig.Join config) {
        return new Setup(config);
    }

    void trade(long tradeId, long instrumentId, long userId) throws Exception {
        trade(Samples.trade(tradeId, instrumentId, userId));
    }

    void trade(Trade trade) throws Exception {
        harness.processElement(new StreamRecord<>(trade));
    }

    void update(DimensionUpdate update) throws Exception {
        harness.processBroadcastElement(new StreamRecord<>(update));
    }

    void stock(long id, long validFrom, String ticker) throws Exception {
        update(Samples.stock(id, validFrom, ticker));
    }

    void user(long id, long validFrom, String name) throws Exception {
        update(Samples.user(id, validFrom, name));
    }

    /** The dimensions have been read up to a record timestamp. */
    void dimensionsRead(long millis) throws Exception {
        for (Dimension dimension : Dimension.BUNDLED) {
            progress(new ReadProgress(dimension, millis, ReadProgress.NEVER));
        }
    }

    void progress(ReadProgress progress) throws Exception {
        harness.processBroadcastElement(new StreamRecord<>(progress));
    }

    /** Time advances while the dimensions are read up to their ends. */
    void advanceTo(long millis) throws Exception {
        caughtUp(now);
        while (now < millis) {
            long next = Math.min(millis, now + ReadClock.LONGEST_GAP_MILLIS);
            caughtUp(next);
            advanceUnreadTo(next);
        }
        advanceUnreadTo(millis);
    }

    /** Both dimensions have been read up to their ends. */
    void caughtUp(long millis) throws Exception {
        for (Dimension dimension : Dimension.BUNDLED) {
            progress(new ReadProgress(dimension, ReadProgress.NEVER, millis));
        }
    }

    /** Time advances without any read progress of the dimensions. */
    void advanceUnreadTo(long millis) throws Exception {
        now = millis;
        harness.setStateTtlProcessingTime(millis);
        harness.setProcessingTime(millis);
    }

    /** Ends as a bounded run does: first the watermark, then each input. */
    void endInput() throws Exception {
        harness.watermark(Long.MAX_VALUE);
        if (harness.getOperator() instanceof BoundedMultiInput bounded) {
            bounded.endInput(1);
            bounded.endInput(2);
        }
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    /** In the format of a checkpoint or savepoint. */
    OperatorSubtaskState snapshot(SnapshotType type) throws Exception {
        return harness.snapshotWithLocalState(1, 1, type).getJobManagerOwnedState();
    }

    /** Enriched trades since the last call, as {@code id:user:instrument}. */
    List<String> enriched() {
        List<EnrichedTrade> all = harness.extractOutputValues();
        List<String> read = new ArrayList<>();
        for (EnrichedTrade trade : all.subList(outputsRead, all.size())) {
            GenericRecord record = Samples.enriched(trade.value(), 0);
            read.add(record.get("trade_id") + ":" + record.get("user") + ":" + record.get("instrument"));
        }
        outputsRead = all.size();
        return read;
    }

    /** The datums of the enriched trades since the last call. */
    List<byte[]> datums() {
        List<EnrichedTrade> all = harness.extractOutputValues();
        List<byte[]> read = all.subList(outputsRead, all.size()).stream()
                .map(EnrichedTrade::value)
                .toList();
        outputsRead = all.size();
        return read;
    }

    List<RejectedRecord> rejected() {
        Queue<StreamRecord<RejectedRecord>> side = harness.getSideOutput(ModelTypes.REJECTED);
        return side == null
                ? List.of()
                : side.stream().map(StreamRecord::getValue).toList();
    }

    /** The trades of this subtask in an account. */
    long trades(Account account) {
        Accumulator<?, ?> accumulator =
                harness.getEnvironment().getAccumulatorRegistry().getUserMap().get(account.title());
        return ((LongCounter) accumulator).getLocalValuePrimitive();
    }

    DimensionTable rows(Dimension dimension) {
        return join.state().tables().of(dimension);
    }

    /** The number of live updates that the load had read already. */
    long skipped() {
        return join.state().tables().skipped();
    }

    /** How many times a parked trade was re-evaluated. */
    long evaluations() {
        return join.state().parked().evaluations();
    }

    LateVersions late() {
        return Objects.requireNonNull(join.state().late());
    }

    int timers() {
        return harness.numProcessingTimeTimers() + harness.numEventTimeTimers();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    /** The settings and the state of a subtask at its start. */
    static final class Setup {
        private final JobConfig.Join config;
        private JobConfig.Dimensions dimensions = LATEST_ONLY;
        private DimensionSnapshot snapshot = DimensionSnapshot.NONE;
        private int generation = 1;
        private StateBackend backend = new HashMapStateBackend();
        private int parallelism = 1;
        private int subtask;
        private OperatorSubtaskState state;
        private WireFormat wire = Samples.WIRE;
        private long now;

        private Setup(JobConfig.Join config) {
            this.config = config;
        }

        Setup snapshot(DimensionSnapshot snapshot) {
            this.snapshot = snapshot;
            return this;
        }

        Setup dimensions(JobConfig.Dimensions dimensions) {
            this.dimensions = dimensions;
            return this;
        }

        Setup wire(WireFormat wire) {
            this.wire = wire;
            return this;
        }

        Setup generation(int generation) {
            this.generation = generation;
            return this;
        }

        Setup backend(StateBackend backend) {
            this.backend = backend;
            return this;
        }

        Setup subtask(int subtask, int parallelism) {
            this.subtask = subtask;
            this.parallelism = parallelism;
            return this;
        }

        /** Restores this subtask's share of the state of all subtasks at another parallelism. */
        Setup restore(int oldParallelism, OperatorSubtaskState... old) throws Exception {
            OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(old);
            state = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    all, MAX_PARALLELISM, oldParallelism, parallelism, subtask);
            return this;
        }

        Setup at(long now) {
            this.now = now;
            return this;
        }

        /** Opens, and fires the timers that are due, as Flink's timer service does. */
        JoinHarness open() throws Exception {
            JoinHarness join = openBeforeTimersFire();
            join.harness.setProcessingTime(now);
            return join;
        }

        JoinHarness openBeforeTimersFire() throws Exception {
            KeySelector<Trade, Long> key = TradeJoinOperator.key(config.keyBy());
            var join = new TradeJoin(
                    new JobConfig(WIRE, config, dimensions),
                    snapshot,
                    generation,
                    EnrichedLayout.of(new byte[0], wire.schemas()),
                    wire);
            var harness = new KeyedBroadcastOperatorTestHarness<>(
                    new TradeJoinOperator(join), key, Types.LONG, MAX_PARALLELISM, parallelism, subtask);
            harness.setStateBackend(backend);
            harness.setup(ModelTypes.ENRICHED_TRADE.createSerializer(
                    harness.getExecutionConfig().getSerializerConfig()));
            harness.setStateTtlProcessingTime(now);
            harness.setProcessingTime(now);
            if (state == null) {
                harness.initializeEmptyState();
            } else {
                harness.initializeState(state);
            }
            harness.open();
            return new JoinHarness(harness, join, now);
        }
    }
}
