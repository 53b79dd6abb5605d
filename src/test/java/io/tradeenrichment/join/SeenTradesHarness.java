package io.tradeenrichment.join;

import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** The seen trades of one subtask, with a real state backend. Time advances only when a test advances it. */
final class SeenTradesHarness implements AutoCloseable {
    static final int MAX_PARALLELISM = 8;

    private final KeyedOneInputStreamOperatorTestHarness<Long, Long, Long> harness;
    private final DedupOperator operator;
    private long now;

    private SeenTradesHarness(
            KeyedOneInputStreamOperatorTestHarness<Long, Long, Long> harness, DedupOperator operator) {
        this.harness = harness;
        this.operator = operator;
    }

    static SeenTradesHarness open(StateBackend backend, Duration retention, long now) throws Exception {
        return open(backend, retention, now, 0, 1, null);
    }

    static SeenTradesHarness open(
            StateBackend backend,
            Duration retention,
            long now,
            int subtask,
            int parallelism,
            @Nullable OperatorSubtaskState state)
            throws Exception {
        return open(backend, retention, now, subtask, parallelism, state, IdPageCache.MAX_ENTRIES);
    }

    static SeenTradesHarness open(
            StateBackend backend,
            Duration retention,
            long now,
            int subtask,
            int parallelism,
            @Nullable OperatorSubtaskState state,
            int maxEntries)
            throws Exception {
        DedupOperator operator = new DedupOperator(retention, maxEntries);
        var harness = new KeyedOneInputStreamOperatorTestHarness<Long, Long, Long>(
                operator, key -> key, Types.LONG, MAX_PARALLELISM, parallelism, subtask);
        harness.setStateBackend(backend);
        harness.setStateTtlProcessingTime(now);
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, MAX_PARALLELISM, 1, parallelism, subtask));
        }
        harness.open();
        SeenTradesHarness opened = new SeenTradesHarness(harness, operator);
        opened.now = now;
        return opened;
    }

    void advanceTo(long millis) throws Exception {
        now = millis;
        harness.setStateTtlProcessingTime(millis);
    }

    boolean add(long key, long id) throws Exception {
        operator.setCurrentKey(key);
        return operator.seen().add(id, now);
    }

    void remove(long key, long id) throws Exception {
        operator.setCurrentKey(key);
        operator.seen().remove(id);
    }

    boolean add(long key, byte[] text) throws Exception {
        operator.setCurrentKey(key);
        return operator.texts().add(text);
    }

    void remove(long key, byte[] text) throws Exception {
        operator.setCurrentKey(key);
        operator.texts().remove(text);
    }

    /** The ids that a census of the whole state finds. */
    long census() throws Exception {
        operator.seen().snapshot();
        KeyedStateCensus census = new KeyedStateCensus();
        census.add(operator.getKeyedStateBackend());
        return census.seenIds();
    }

    /** The number of pages and texts in state. Heap backend only. */
    int pages() throws Exception {
        operator.seen().snapshot();
        return ((AbstractKeyedStateBackend<?>) operator.getKeyedStateBackend()).numKeyValueStateEntries();
    }

    OperatorSubtaskState snapshot() throws Exception {
        return snapshot(() -> {});
    }

    /** A checkpoint that is taken now and written after more work. */
    OperatorSubtaskState snapshot(Meanwhile meanwhile) throws Exception {
        OperatorSnapshotFutures futures = operator.snapshotState(
                1,
                1,
                CheckpointOptions.forCheckpointWithDefaultLocation(),
                new MemCheckpointStreamFactory(Integer.MAX_VALUE));
        meanwhile.run();
        return OperatorSnapshotFinalizer.create(futures).getJobManagerOwnedState();
    }

    /** Work between the synchronous and the asynchronous part of a checkpoint. */
    interface Meanwhile {
        void run() throws Exception;
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    private static final class DedupOperator extends AbstractStreamOperator<Long>
            implements OneInputStreamOperator<Long, Long> {
        private final Duration retention;
        private final int maxEntries;
        private transient @Nullable SeenTrades seen;
        private transient @Nullable SeenTradeTexts texts;

        private DedupOperator(Duration retention, int maxEntries) {
            this.retention = retention;
            this.maxEntries = maxEntries;
        }

        @Override
        public void open() throws Exception {
            super.open();
            var pages = getOrCreateKeyedState(ModelTypes.PAGE_ID, SeenTrades.descriptor(retention));
            seen = new SeenTrades(new IdPageCache(pages, this, maxEntries), retention);
            texts = new SeenTradeTexts(
                    getOrCreateKeyedState(SeenTradeTexts.TEXT, SeenTradeTexts.descriptor(retention)));
        }

        @Override
        public void snapshotState(StateSnapshotContext context) throws Exception {
            super.snapshotState(context);
            seen().snapshot();
        }

        private SeenTrades seen() {
            if (seen == null) {
                throw new IllegalStateException("not open");
            }
            return seen;
        }

        private SeenTradeTexts texts() {
            if (texts == null) {
                throw new IllegalStateException("not open");
            }
            return texts;
        }

        @Override
        public void processElement(StreamRecord<Long> element) {
            throw new UnsupportedOperationException("ids are added by the test");
        }
    }
}
