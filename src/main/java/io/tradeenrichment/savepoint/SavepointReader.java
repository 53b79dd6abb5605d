package io.tradeenrichment.savepoint;

import io.tradeenrichment.join.JoinStateDescriptors;
import io.tradeenrichment.join.KeyedStateCensus;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle.Mode;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;

/**
 * Counts the contents of a savepoint. Every subtask of the join saves all rows, so they are read from one subtask. Keyed
 * state is restored in parts that fit in memory; RocksDB's native files are copied to a temporary folder, one subtask at a
 * time.
 */
public final class SavepointReader {
    /** Of keyed state, serialized; in memory it takes several times as much. */
    private static final long PART_BYTES = 16 << 20;

    private final Savepoint savepoint;
    private final JobUids uids;
    private final long partBytes;
    private final Map<Dimension, JoinStateDescriptors.Table> rows = new LinkedHashMap<>();
    private final Map<Account, Long> totals = new EnumMap<>(Account.class);
    private final Map<String, Map<Integer, Long>> positions = new TreeMap<>();
    private final KeyedStateCensus keyed = new KeyedStateCensus();
    private OptionalLong generation = OptionalLong.empty();
    private OptionalLong keyBy = OptionalLong.empty();
    private Optional<String> outputSchema = Optional.empty();

    private SavepointReader(Savepoint savepoint, JobUids uids, long partBytes) {
        this.savepoint = savepoint;
        this.uids = uids;
        this.partBytes = partBytes;
    }

    /** @throws Exception if this build cannot restore the state, or the files cannot be read */
    public static SavepointContents read(Savepoint savepoint, JobUids uids) throws Exception {
        return read(savepoint, uids, PART_BYTES);
    }

    /** @param partBytes the approximate size of the keyed state that is restored at once on the heap */
    static SavepointContents read(Savepoint savepoint, JobUids uids, long partBytes) throws Exception {
        return new SavepointReader(savepoint, uids, partBytes).read();
    }

    private SavepointContents read() throws Exception {
        for (OperatorState operator : savepoint.operators()) {
            String uid = Savepoint.uidOf(operator);
            if (uid.equals(uids.join())) {
                readJoin(operator);
            } else if (uid.equals(uids.tradesDecoder())) {
                restored(operator, store -> addTotals(Ledger.read(store)));
            } else if (isSource(operator)) {
                restored(operator, store -> positions.putAll(SourceOffsets.read(store)));
            }
        }
        return new SavepointContents(
                rows, generation, keyBy, outputSchema, keyed.parkedTrades(), keyed.seenIds(), totals, positions);
    }

    private void readJoin(OperatorState operator) throws Exception {
        restored(operator, store -> {
            addTotals(Ledger.read(store));
            generation = JoinStateDescriptors.generation(store);
            keyBy = JoinStateDescriptors.keyBy(store);
            outputSchema = JoinStateDescriptors.outputSchema(store);
            for (Dimension dimension : JoinStateDescriptors.dimensions(store)) {
                rows.put(dimension, JoinStateDescriptors.table(store, dimension));
            }
        });
        for (OperatorSubtaskState subtask : operator.getStates()) {
            for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
                for (KeyGroupRange part : parts(handle)) {
                    addKeyed(operator.getMaxParallelism(), part, handle);
                }
            }
        }
    }

    private void addKeyed(int maxParallelism, KeyGroupRange part, KeyedStateHandle handle) throws Exception {
        KeyedStateHandle within = handle.getIntersection(part);
        if (within == null) {
            return;
        }
        AbstractKeyedStateBackend<Long> backend = OfflineBackends.keyed(maxParallelism, part, List.of(within));
        try {
            keyed.add(backend);
        } finally {
            backend.dispose();
        }
    }

    private List<KeyGroupRange> parts(KeyedStateHandle handle) {
        KeyGroupRange all = handle.getKeyGroupRange();
        int groups = all.getNumberOfKeyGroups();
        // Only state that is restored on the heap can be divided.
        long minimum = handle instanceof KeyGroupsStateHandle ? 1 + handle.getStateSize() / partBytes : 1;
        int count = (int) Math.min(minimum, groups);
        List<KeyGroupRange> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            int first = all.getStartKeyGroup() + (int) ((long) groups * part / count);
            int next = all.getStartKeyGroup() + (int) ((long) groups * (part + 1) / count);
            parts.add(KeyGroupRange.of(first, next - 1));
        }
        return parts;
    }

    private static boolean isSource(OperatorState operator) {
        return operator.getStates().stream()
                .flatMap(subtask -> subtask.getManagedOperatorState().stream())
                .anyMatch(handle -> handle.getStateNameToPartitionOffsets().containsKey(SourceOffsets.STATE));
    }

    private void addTotals(Map<Account, Long> some) {
        some.forEach((account, trades) -> totals.merge(account, trades, Long::sum));
    }

    /** Restores the operator state of all subtasks in one backend. */
    private static void restored(OperatorState operator, Reading reading) throws Exception {
        List<OperatorStateHandle> handles = new ArrayList<>();
        for (OperatorSubtaskState subtask : operator.getStates()) {
            for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                handles.add(handles.isEmpty() ? handle : withoutBroadcast(handle));
            }
        }
        try (DefaultOperatorStateBackend backend = OfflineBackends.operator(handles)) {
            reading.of(backend);
        }
    }

    /** Broadcast state is equal in all subtasks. */
    private static OperatorStateHandle withoutBroadcast(OperatorStateHandle handle) {
        Map<String, OperatorStateHandle.StateMetaInfo> own = new TreeMap<>(handle.getStateNameToPartitionOffsets());
        own.values().removeIf(state -> state.getDistributionMode() == Mode.BROADCAST);
        return new OperatorStreamStateHandle(own, handle.getDelegateStateHandle());
    }

    private interface Reading {
        void of(DefaultOperatorStateBackend store) throws Exception;
    }
}
