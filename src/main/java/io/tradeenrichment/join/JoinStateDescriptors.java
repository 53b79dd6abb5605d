package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.state.VersionOrder;
import io.tradeenrichment.types.ModelTypes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/** The state of the join, declared as its operator declares it. For reading a savepoint without running the job. */
public final class JoinStateDescriptors {
    /** All broadcast states of the join. */
    static final List<MapStateDescriptor<?, ?>> BROADCAST =
            List.of(DimensionTable.INSTRUMENTS, DimensionTable.USERS, DimensionTables.PROGRESS, SavedSettings.STATE);

    private JoinStateDescriptors() {}

    /**
     * The size of a dimension.
     *
     * @param rows ids with a row
     * @param versions of all rows, without tombstones
     * @param deletions tombstones
     * @param digest equal for the same rows, whatever their order of arrival
     */
    public record Table(long rows, long versions, long deletions, long digest) {}

    /** Declares the operator state. The store throws if restored state is incompatible. */
    public static void declare(OperatorStateStore store) throws Exception {
        Ledger.read(store);
        store.getListState(UnsentRecords.STATE);
        for (MapStateDescriptor<?, ?> broadcast : BROADCAST) {
            store.getBroadcastState(broadcast);
        }
    }

    /** Declares the keyed state. The backend throws if restored state is incompatible. */
    public static void declare(KeyedStateBackend<Long> backend, JobConfig.Join config) throws Exception {
        var none = VoidNamespaceSerializer.INSTANCE;
        backend.getOrCreateKeyedState(none, ParkedTrades.trades(config.waitTimeout()));
        backend.getOrCreateKeyedState(none, ParkedTrades.bounds(config.waitTimeout()));
        if (!config.dedupRetention().isZero()) {
            backend.getOrCreateKeyedState(ModelTypes.PAGE_ID, SeenTrades.descriptor(config.dedupRetention()));
        }
    }

    /** Counts the rows of a dimension. */
    public static Table table(OperatorStateStore store, Dimension dimension) throws Exception {
        var rows = store.getBroadcastState(
                dimension.equals(Dimension.INSTRUMENT) ? DimensionTable.INSTRUMENTS : DimensionTable.USERS);
        VersionOrder order = new SavedSettings(store).order().orElse(VersionOrder.BY_RECORD);
        DimensionTable table = new DimensionTable(dimension, rows, order, Integer.MAX_VALUE, 0);
        return new Table(table.rows(), table.versions(), table.tombstones(), table.digest());
    }

    /** How trades were keyed; empty before the first checkpoint. */
    public static Optional<KeyBy> keyBy(OperatorStateStore store) throws Exception {
        return new SavedSettings(store).keyBy();
    }

    /** The generation of the loaded snapshot; empty if no load was completed. */
    public static OptionalLong generation(OperatorStateStore store) throws Exception {
        Long generation = store.getBroadcastState(DimensionTables.PROGRESS).get(DimensionTables.GENERATION);
        return generation == null ? OptionalLong.empty() : OptionalLong.of(generation);
    }
}
