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
 * How this job would write its state: the layout of a snapshot of empty backends in which the state was declared. So it
 * is read in the same way as a savepoint's, and says what Flink itself makes of the declarations.
 */
final class DeclaredState {
    private static final int ENOUGH_FOR_HEADS = 1 << 20;

    private DeclaredState() {}

    static StateLayout ofJoin(JobConfig.Join config) throws Exception {
        StateLayout layout = ofOperator(JoinStateDescriptors::declare);
        var backend = OfflineBackends.keyed(1, KeyGroupRange.of(0, 0), List.of());
        try {
            JoinStateDescriptors.declare(backend, config);
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
        var memory = new MemCheckpointStreamFactory(ENOUGH_FOR_HEADS);
        var written = backend.of(1, 1, memory, CheckpointOptions.forCheckpointWithDefaultLocation());
        written.run();
        T handle = written.get().getJobManagerOwnedSnapshot();
        if (handle == null) {
            throw new IllegalStateException("a backend with declared state has written nothing");
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
