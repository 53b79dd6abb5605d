package io.tradeenrichment.join;

import io.tradeenrichment.types.ModelTypes;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStreamFactory;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** An operator with keyed state, without a stream. */
final class DedupOperator extends AbstractStreamOperator<Long> implements OneInputStreamOperator<Long, Long> {
    private static final int MAX_PARALLELISM = 128;

    private transient @Nullable SeenTrades seen;

    /** Opens an operator, restored from a checkpoint or empty. */
    static KeyedOneInputStreamOperatorTestHarness<Long, Long, Long> open(
            DedupOperator operator, SeenTradesBenchmark.Backend backend, @Nullable OperatorSubtaskState state)
            throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<Long, Long, Long>(
                operator, key -> key, Types.LONG, MAX_PARALLELISM, 1, 0);
        harness.setStateBackend(stateBackend(backend));
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static StateBackend stateBackend(SeenTradesBenchmark.Backend backend) {
        if (backend == SeenTradesBenchmark.Backend.HEAP) {
            return new HashMapStateBackend();
        }
        Configuration configuration = new Configuration();
        // As in an embedded run. The harness would give RocksDB about 3 MB.
        configuration.set(RocksDBOptions.FIX_PER_SLOT_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        return new EmbeddedRocksDBStateBackend().configure(configuration, DedupOperator.class.getClassLoader());
    }

    SeenTrades seenTrades(Duration retention) throws Exception {
        var pages = getOrCreateKeyedState(ModelTypes.PAGE_ID, SeenTrades.descriptor(retention));
        seen = new SeenTrades(new IdPageCache(pages, this, IdPageCache.MAX_ENTRIES), retention);
        return seen;
    }

    SeenTradeTexts seenTradeTexts(Duration retention) throws Exception {
        return new SeenTradeTexts(getOrCreateKeyedState(SeenTradeTexts.TEXT, SeenTradeTexts.descriptor(retention)));
    }

    <S extends State> S state(StateDescriptor<S, ?> descriptor) throws Exception {
        return getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    }

    /** By number of the time segment. */
    <T> MapState<Long, T> segments(TypeSerializer<T> serializer) throws Exception {
        return state(new MapStateDescriptor<>("seen", LongSerializer.INSTANCE, serializer));
    }

    /** The synchronous part of a full checkpoint. The asynchronous part is in the result. */
    OperatorSnapshotFutures checkpoint(Path folder) throws Exception {
        var uri = new org.apache.flink.core.fs.Path(folder.toUri());
        return snapshotState(
                1,
                1,
                CheckpointOptions.forCheckpointWithDefaultLocation(),
                new FsCheckpointStreamFactory(LocalFileSystem.getSharedInstance(), uri, uri, 0, 1 << 16));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (seen != null) {
            seen.snapshot();
        }
    }

    @Override
    public void processElement(StreamRecord<Long> element) {
        throw new UnsupportedOperationException("ids are added by the benchmark");
    }
}
