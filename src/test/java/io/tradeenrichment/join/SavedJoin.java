package io.tradeenrichment.join;

import io.tradeenrichment.Samples;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.model.Dimension;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.StateBackend;

/**
 * The join's part of a savepoint with two instruments, the tombstone of a third, one user and four trade ids. Of five
 * trades in, one is a duplicate and one waits for its user. If trades are keyed by instrument, the next trade of its
 * instrument is parked behind it.
 */
public final class SavedJoin {
    public static final int MAX_PARALLELISM = JoinHarness.MAX_PARALLELISM;
    public static final int TRADES_IN = 5;

    private SavedJoin() {}

    public static OperatorSubtaskState keyedBy(KeyBy keyBy, StateBackend backend, SnapshotType type) throws Exception {
        return saved(JoinHarness.with(JoinHarness.keyedBy(keyBy)).backend(backend), type);
    }

    /** With a snapshot of this generation. */
    public static OperatorSubtaskState ofGeneration(int generation) throws Exception {
        return saved(JoinHarness.with(JoinHarness.WAITING).generation(generation), CheckpointType.CHECKPOINT);
    }

    private static OperatorSubtaskState saved(JoinHarness.Setup setup, SnapshotType type) throws Exception {
        try (JoinHarness join = setup.open()) {
            join.stock(7, 1, "SPY");
            join.stock(8, 1, "QQQ");
            join.update(Samples.deletion(Dimension.INSTRUMENT, 9, 1));
            join.user(3, 1, "u");
            join.trade(101, 7, 3);
            join.trade(101, 7, 3);
            join.trade(102, 7, 99);
            join.trade(103, 7, 3);
            join.trade(104, 8, 3);
            return join.snapshot(type);
        }
    }
}
