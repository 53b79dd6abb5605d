package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.join.JoinStateDescriptors;
import io.tradeenrichment.ledger.Ledger;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;

/**
 * The layout in which this job writes its state: that of a snapshot of empty backends in which the state is declared. So
 * Flink itself derives it from the declarations, and it is read like a savepoint's.
 */
final class DeclaredState {
    private static final int MAX_SNAPSHOT_BYTES = 1 << 20;

    private DeclaredState() {}

    static StateLayout ofJoin(JobConfig job, boolean textIds) throws Exception {
        StateLayout layout = ofOperator(store -> JoinStateDescriptors.declare(store, job.dimensionList()));
        var backend = OfflineBackends.keyed(1, KeyGroupRange.of(0, 0), List.of());
        try {
            JoinStateDescriptors.declare(backend, job.join(), textIds);
            layout.addKeyed(List.of(snapshot(backend::snapshot)));
        } finally {
            backend.dispose();
        }
        return layout;
    }

    static StateLayout ofTradesDecoder() throws Exception {
        return ofOperator(Ledger::read);
    }

    private static StateLayout ofOperator(Declaration declaration) throws Exception {
        StateLayout layout = new StateLayout();
        try (DefaultOperatorStateBackend backend = OfflineBackends.operator(List.of())) {
            declaration.in(backend);
            layout.addOperators(List.of(snapshot(backend::snapshot)));
        }
        return layout;
    }

    private static <T extends StateObject> T snapshot(Snapshot<T> backend) throws Exception {
        var memory = new MemCheckpointStreamFactory(MAX_SNAPSHOT_BYTES);
        var written = backend.of(1, 1, memory, CheckpointOptions.forCheckpointWithDefaultLocation());
        written.run();
        T handle = written.get().getJobManagerOwnedSnapshot();
        if (handle == null) {
            throw new IllegalStateException("a backend with declared state wrote an empty snapshot");
        }
        return handle;
    }

    private interface Declaration {
        void in(OperatorStateStore store) throws Exception;
    }

    private interface Snapshot<T extends StateObject> {
        RunnableFuture<SnapshotResult<T>> of(
                long checkpoint, long time, CheckpointStreamFactory factory, CheckpointOptions options)
                throws Exception;
    }
}
