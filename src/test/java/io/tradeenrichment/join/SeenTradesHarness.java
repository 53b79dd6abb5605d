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

/** The seen trades of one subtask, with real state below them. Time stands still until a test moves it. */
final class SeenTradesHarness implements AutoCloseable {
    static final int MAX_PARALLELISM = 8;

    private final KeyedOneInputStreamOperatorTestHarness<Long, Long, Long> harness;
    private final Keeper keeper;
    private long now;

    private SeenTradesHarness(KeyedOneInputStreamOperatorTestHarness<Long, Long, Long> harness, Keeper keeper) {
        this.harness = harness;
        this.keeper = keeper;
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
        return open(backend, retention, now, subtask, parallelism, state, IdPageCache.MOST_HELD);
    }

    static SeenTradesHarness open(
            StateBackend backend,
            Duration retention,
            long now,
            int subtask,
            int parallelism,
            @Nullable OperatorSubtaskState state,
            int mostHeld)
            throws Exception {
        Keeper keeper = new Keeper(retention, mostHeld);
        var harness = new KeyedOneInputStreamOperatorTestHarness<Long, Long, Long>(
                keeper, key -> key, Types.LONG, MAX_PARALLELISM, parallelism, subtask);
        harness.setStateBackend(backend);
        harness.setStateTtlProcessingTime(now);
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, MAX_PARALLELISM, 1, parallelism, subtask));
        }
        harness.open();
        SeenTradesHarness opened = new SeenTradesHarness(harness, keeper);
        opened.now = now;
        return opened;
    }

    void timeIs(long millis) throws Exception {
        now = millis;
        harness.setStateTtlProcessingTime(millis);
    }

    boolean add(long key, long id) throws Exception {
        keeper.setCurrentKey(key);
        return keeper.seen().add(id, now);
    }

    void remove(long key, long id) throws Exception {
        keeper.setCurrentKey(key);
        keeper.seen().remove(id);
    }

    /** How many pages stand in state; on the heap only. */
    int pages() throws Exception {
        keeper.seen().snapshot();
        return ((AbstractKeyedStateBackend<?>) keeper.getKeyedStateBackend()).numKeyValueStateEntries();
    }

    OperatorSubtaskState snapshot() throws Exception {
        return snapshot(() -> {});
    }

    /** What a checkpoint holds that is begun now, and written out after the work went on for a while. */
    OperatorSubtaskState snapshot(Meanwhile meanwhile) throws Exception {
        OperatorSnapshotFutures futures = keeper.snapshotState(
                1,
                1,
                CheckpointOptions.forCheckpointWithDefaultLocation(),
                new MemCheckpointStreamFactory(Integer.MAX_VALUE));
        meanwhile.run();
        return OperatorSnapshotFinalizer.create(futures).getJobManagerOwnedState();
    }

    /** Work between the two halves of a checkpoint. */
    interface Meanwhile {
        void run() throws Exception;
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    private static final class Keeper extends AbstractStreamOperator<Long>
            implements OneInputStreamOperator<Long, Long> {
        private final Duration retention;
        private final int mostHeld;
        private transient @Nullable SeenTrades seen;

        private Keeper(Duration retention, int mostHeld) {
            this.retention = retention;
            this.mostHeld = mostHeld;
        }

        @Override
        public void open() throws Exception {
            super.open();
            var pages = getOrCreateKeyedState(ModelTypes.PAGE_NAME, SeenTrades.descriptor(retention));
            seen = new SeenTrades(new IdPageCache(pages, this, mostHeld), retention);
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

        @Override
        public void processElement(StreamRecord<Long> element) {
            throw new UnsupportedOperationException("ids are added by the test");
        }
    }
}
