package io.tradeenrichment.savepoint;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.TaskKvStateRegistry;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.UncompressedStreamCompressionDecorator;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackendBuilder;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSetFactory;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackendBuilder;
import org.apache.flink.state.rocksdb.RocksDBPriorityQueueConfig;
import org.apache.flink.state.rocksdb.RocksDBResourceContainer;
import org.rocksdb.RocksDB;

/**
 * Flink's own state backends, restored without a cluster: they return what a restored task would read. Their clock is
 * fixed at 0, so that no entry is expired.
 */
final class OfflineBackends {
    private static final ClassLoader LOADER = OfflineBackends.class.getClassLoader();
    private static final TtlTimeProvider FIXED_AT_ZERO = () -> 0;
    private static final int QUEUE_CAPACITY = 16;

    private OfflineBackends() {}

    static DefaultOperatorStateBackend operator(Collection<OperatorStateHandle> restored)
            throws BackendBuildingException {
        return new DefaultOperatorStateBackendBuilder(
                        LOADER, new ExecutionConfig(), false, restored, new CloseableRegistry())
                .build();
    }

    /** On the heap, unless only RocksDB can read the handles. */
    static AbstractKeyedStateBackend<Long> keyed(
            int maxParallelism, KeyGroupRange groups, List<KeyedStateHandle> restored) throws IOException {
        return restored.stream().anyMatch(IncrementalKeyedStateHandle.class::isInstance)
                ? rocksDb(maxParallelism, groups, restored)
                : heap(maxParallelism, groups, restored);
    }

    private static AbstractKeyedStateBackend<Long> heap(
            int maxParallelism, KeyGroupRange groups, List<KeyedStateHandle> restored) throws BackendBuildingException {
        return new HeapKeyedStateBackendBuilder<>(
                        registry(),
                        LongSerializer.INSTANCE,
                        LOADER,
                        maxParallelism,
                        groups,
                        new ExecutionConfig(),
                        FIXED_AT_ZERO,
                        LatencyTrackingStateConfig.disabled(),
                        SizeTrackingStateConfig.disabled(),
                        restored,
                        UncompressedStreamCompressionDecorator.INSTANCE,
                        LocalRecoveryConfig.BACKUP_AND_RECOVERY_DISABLED,
                        new HeapPriorityQueueSetFactory(groups, maxParallelism, QUEUE_CAPACITY),
                        false,
                        new CloseableRegistry())
                .build();
    }

    /** Copies the files to a temporary folder, which is deleted when the backend is disposed. */
    private static AbstractKeyedStateBackend<Long> rocksDb(
            int maxParallelism, KeyGroupRange groups, List<KeyedStateHandle> restored) throws IOException {
        RocksDB.loadLibrary();
        File folder = Files.createTempDirectory("preflight").toFile();
        RocksDBResourceContainer options = new RocksDBResourceContainer();
        return new RocksDBKeyedStateBackendBuilder<>(
                        "preflight",
                        LOADER,
                        folder,
                        options,
                        state -> options.getColumnOptions(),
                        registry(),
                        LongSerializer.INSTANCE,
                        maxParallelism,
                        groups,
                        new ExecutionConfig(),
                        LocalRecoveryConfig.BACKUP_AND_RECOVERY_DISABLED,
                        new RocksDBPriorityQueueConfig(),
                        FIXED_AT_ZERO,
                        LatencyTrackingStateConfig.disabled(),
                        SizeTrackingStateConfig.disabled(),
                        new UnregisteredMetricsGroup(),
                        (name, value) -> {},
                        restored,
                        UncompressedStreamCompressionDecorator.INSTANCE,
                        new CloseableRegistry())
                .build();
    }

    private static TaskKvStateRegistry registry() {
        return new KvStateRegistry().createTaskRegistry(new JobID(), new JobVertexID());
    }
}
