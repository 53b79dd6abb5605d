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

/**
 * All that the join keeps in state, declared as its operator declares it: the door for whoever reads a savepoint without
 * running the job.
 */
public final class JoinStateDescriptors {
    /** All broadcast states of the join, as its operator must know them. */
    static final List<MapStateDescriptor<?, ?>> BROADCAST =
            List.of(DimensionTable.INSTRUMENTS, DimensionTable.USERS, DimensionTables.PROGRESS, SavedSettings.STATE);

    private JoinStateDescriptors() {}

    /**
     * What stands of a dimension.
     *
     * @param rows ids that have a row
     * @param versions of all rows, without tombstones
     * @param deletions tombstones that are kept
     * @param digest equal where the same rows are present, whatever the order in which they came
     */
    public record Table(long rows, long versions, long deletions, long digest) {}

    /** Declares what stands in operator state; restored state that cannot be taken over is refused by the store. */
    public static void declare(OperatorStateStore store) throws Exception {
        Ledger.read(store);
        store.getListState(TradeJoin.UNSENT);
        for (MapStateDescriptor<?, ?> broadcast : BROADCAST) {
            store.getBroadcastState(broadcast);
        }
    }

    /** Declares what stands under keys; restored state that cannot be taken over is refused by the backend. */
    public static void declare(KeyedStateBackend<Long> backend, JobConfig.Join config) throws Exception {
        var none = VoidNamespaceSerializer.INSTANCE;
        backend.getOrCreateKeyedState(none, ParkedTrades.trades(config.waitTimeout()));
        backend.getOrCreateKeyedState(none, ParkedTrades.spans(config.waitTimeout()));
        if (!config.dedupRetention().isZero()) {
            backend.getOrCreateKeyedState(ModelTypes.PAGE_NAME, SeenTrades.descriptor(config.dedupRetention()));
        }
    }

    /** Counts a dimension's rows. */
    public static Table table(OperatorStateStore store, Dimension dimension) throws Exception {
        var rows = store.getBroadcastState(
                dimension == Dimension.INSTRUMENT ? DimensionTable.INSTRUMENTS : DimensionTable.USERS);
        VersionOrder order = new SavedSettings(store).order().orElse(VersionOrder.BY_RECORD);
        DimensionTable table = new DimensionTable(dimension, rows, order, Integer.MAX_VALUE, 0);
        return new Table(table.rows(), table.versions(), table.tombstones(), table.digest());
    }

    /** How trades were keyed; none before the first checkpoint. */
    public static Optional<KeyBy> keyBy(OperatorStateStore store) throws Exception {
        return new SavedSettings(store).keyBy();
    }

    /** Which load the rows came from; none if none was completed. */
    public static OptionalLong generation(OperatorStateStore store) throws Exception {
        Long generation = store.getBroadcastState(DimensionTables.PROGRESS).get(DimensionTables.GENERATION);
        return generation == null ? OptionalLong.empty() : OptionalLong.of(generation);
    }
}
