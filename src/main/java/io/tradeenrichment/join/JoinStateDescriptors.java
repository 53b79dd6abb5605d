package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.state.VersionOrder;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/** The state of the join, declared as its operator declares it. For reading a savepoint without running the job. */
public final class JoinStateDescriptors {
    private JoinStateDescriptors() {}

    /** All broadcast states of the join. */
    static List<MapStateDescriptor<?, ?>> broadcast(List<Dimension> dimensions) {
        List<MapStateDescriptor<?, ?>> states = new ArrayList<>();
        dimensions.forEach(dimension -> states.add(DimensionTable.descriptor(dimension)));
        states.add(DimensionTables.PROGRESS);
        states.add(SavedSettings.STATE);
        states.add(SavedOutputSchema.STATE);
        return states;
    }

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
    public static void declare(OperatorStateStore store, List<Dimension> dimensions) throws Exception {
        Ledger.read(store);
        store.getListState(UnsentRecords.STATE);
        for (MapStateDescriptor<?, ?> broadcast : broadcast(dimensions)) {
            store.getBroadcastState(broadcast);
        }
    }

    /**
     * Declares the keyed state. The backend throws if restored state is incompatible.
     *
     * @param textIds whether trade ids are texts
     */
    public static void declare(KeyedStateBackend<Long> backend, JobConfig.Join config, boolean textIds)
            throws Exception {
        var none = VoidNamespaceSerializer.INSTANCE;
        backend.getOrCreateKeyedState(none, ParkedTrades.trades(config.waitTimeout()));
        backend.getOrCreateKeyedState(none, ParkedTrades.bounds(config.waitTimeout()));
        Duration retention = config.dedupRetention();
        if (retention.isZero()) {
            return;
        }
        if (textIds) {
            backend.getOrCreateKeyedState(SeenTradeTexts.TEXT, SeenTradeTexts.descriptor(retention));
        } else {
            backend.getOrCreateKeyedState(ModelTypes.PAGE_ID, SeenTrades.descriptor(retention));
        }
    }

    /** Counts the rows of a dimension. */
    public static Table table(OperatorStateStore store, Dimension dimension) throws Exception {
        var rows = store.getBroadcastState(DimensionTable.descriptor(dimension));
        VersionOrder order = new SavedSettings(store).order().orElse(VersionOrder.BY_RECORD);
        DimensionTable table = new DimensionTable(dimension, rows, order, Integer.MAX_VALUE, 0);
        return new Table(table.rows(), table.versions(), table.tombstones(), table.digest());
    }

    /** The dimensions whose rows are in the state, in alphabetical order. */
    public static List<Dimension> dimensions(OperatorStateStore store) throws Exception {
        Set<Dimension> dimensions = new TreeSet<>(Comparator.comparing(Dimension::name));
        for (Map.Entry<String, Long> entry :
                store.getBroadcastState(DimensionTables.PROGRESS).immutableEntries()) {
            int slash = entry.getKey().indexOf('/');
            if (slash > 0) {
                dimensions.add(new Feed(entry.getKey().substring(0, slash)).dimension());
            }
        }
        return List.copyOf(dimensions);
    }

    /** The schema of the enriched trades as JSON; empty if the state does not have it. */
    public static Optional<String> outputSchema(OperatorStateStore store) throws Exception {
        return new SavedOutputSchema(store).json();
    }

    /** The code of how trades were keyed, of {@link KeyBy}; empty before the first checkpoint. */
    public static OptionalLong keyBy(OperatorStateStore store) throws Exception {
        return new SavedSettings(store).keyBy();
    }

    /** The generation of the loaded snapshot; empty if no load was completed. */
    public static OptionalLong generation(OperatorStateStore store) throws Exception {
        Long generation = store.getBroadcastState(DimensionTables.PROGRESS).get(DimensionTables.GENERATION);
        return generation == null ? OptionalLong.empty() : OptionalLong.of(generation);
    }
}
