package io.tradeenrichment.join;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JoinTime;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.VersionOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of all dimensions on one subtask, and how far they have been read.
 *
 * <p>Lookups use memory only; updates are written to broadcast state too. Task thread only.
 */
final class DimensionTables {
    /**
     * The progress of reading, under these keys: {@code generation} (the generation of the loaded snapshot),
     * {@code instruments/3} (the first offset of partition 3 that the load did not read), {@code instruments/time}
     * (the latest record timestamp that was read, in milliseconds since 1970), {@code instruments/topic} (the loaded
     * topic, see {@link DimensionSnapshot#topic}), {@code instruments/layout} (the layout of the fragments, see
     * {@link EnrichedLayout#rowLayout}; absent if it is 0).
     */
    static final MapStateDescriptor<String, Long> PROGRESS =
            new MapStateDescriptor<>("dimension-progress", Types.STRING, Types.LONG);

    static final String GENERATION = "generation";

    private static final String TIME = "time";
    private static final String TOPIC = "topic";
    private static final String LAYOUT = "layout";
    private static final Logger LOG = LoggerFactory.getLogger(DimensionTables.class);

    private final OperatorStateStore store;
    private final JobConfig.Dimensions config;
    private final EnrichedLayout layout;
    private final boolean asOf;
    private final VersionOrder order;
    private final List<Dimension> dimensions;
    private final Map<Dimension, Integer> positions = new LinkedHashMap<>();
    private final DimensionTable[] tables;
    private final DimensionClock[] clocks;
    /** By dimension: the offsets of {@link #PROGRESS} by partition, which are compared with every live update. */
    private final List<Map<Integer, Long>> loadedUpTo = new ArrayList<>();

    private final BroadcastState<String, Long> progress;
    private final VersionOrder savedOrder;

    private long skipped;
    private int loading;
    private long loadedRecords;
    private long loadMillis;

    DimensionTables(OperatorStateStore store, JobConfig config, EnrichedLayout layout) throws Exception {
        this.store = store;
        this.config = config.dimensions();
        this.layout = layout;
        asOf = config.join().time() == JoinTime.AS_OF;
        order = asOf ? VersionOrder.BY_VALID_FROM : VersionOrder.BY_RECORD;
        dimensions = config.dimensionList();
        tables = new DimensionTable[dimensions.size()];
        clocks = new DimensionClock[dimensions.size()];
        progress = store.getBroadcastState(PROGRESS);
        savedOrder = new SavedSettings(store).order().orElse(order);
        for (Dimension dimension : dimensions) {
            int position = positions.size();
            positions.put(dimension, position);
            tables[position] = new DimensionTable(
                    dimension,
                    store.getBroadcastState(DimensionTable.descriptor(dimension)),
                    order,
                    this.config.versions(),
                    this.config.ttl().toMillis());
            clocks[position] = new DimensionClock(this.config);
            loadedUpTo.add(new HashMap<>());
        }
        clearRemovedDimensions();
        for (Map.Entry<String, Long> entry : progress.immutableEntries()) {
            restoreProgress(entry.getKey(), entry.getValue());
        }
    }

    /** Registers metrics. To be called before {@link #load}, whose progress they show. */
    void register(MetricGroup group) {
        for (DimensionTable table : tables) {
            table.register(group);
        }
        group.gauge("skipped", (Gauge<Long>) () -> skipped);
        group.gauge("loading", (Gauge<Integer>) () -> loading);
        group.gauge("loadedRecords", (Gauge<Long>) () -> loadedRecords);
        group.gauge("loadMillis", (Gauge<Long>) () -> loadMillis);
    }

    /** Finds the rows of a trade. */
    void find(Trade trade, TradeRows rows) {
        rows.clear();
        for (int position = 0; position < tables.length; position++) {
            if (trade.has(position)) {
                rows.put(
                        position,
                        asOf
                                ? tables[position].asOf(trade.id(position), trade.text(position), trade.tradeTime())
                                : tables[position].latest(trade.id(position), trade.text(position)));
            } else {
                rows.putAbsent(position);
            }
        }
    }

    /** The order of the versions of a row. */
    VersionOrder order() {
        return order;
    }

    /** The number of live updates that the load had read already. */
    long skipped() {
        return skipped;
    }

    /** The number of dimensions. */
    int dimensions() {
        return tables.length;
    }

    /** The position of a dimension in the settings. */
    @SuppressWarnings("NullAway") // events come from the dimensions of the settings
    int position(Dimension dimension) {
        return positions.get(dimension);
    }

    DimensionTable of(Dimension dimension) {
        return tables[position(dimension)];
    }

    /**
     * Loads the dimensions that the state does not contain yet, with this generation, this topic, this layout of
     * fragments and this order of versions: one order removes versions that the other needs. The state decides, not
     * whether it was restored: after a restore from a savepoint of an earlier generation, the snapshot is loaded again.
     */
    void load(DimensionSnapshot snapshot, int generation, Consumer<RejectedRecord> rejected) throws Exception {
        Set<Dimension> due = due(snapshot, generation);
        if (due.isEmpty()) {
            return;
        }
        LOG.info("Loading {} before the first trade", titles(due));
        loading = 1;
        long start = System.nanoTime();
        for (Dimension dimension : due) {
            clear(dimension);
        }
        snapshot.readAll(due, new DimensionSnapshot.Receiver() {
            @Override
            public void update(DimensionUpdate update) throws Exception {
                loadedRecords++;
                int position = position(update.dimension());
                tables[position].apply(update);
                clocks[position].advance(update.timestamp());
            }

            @Override
            public void rejected(RejectedRecord record) {
                loadedRecords++;
                rejected.accept(record);
            }

            @Override
            public void readUpTo(Dimension dimension, int partition, long next) throws Exception {
                progress.put(key(dimension, String.valueOf(partition)), next);
                loadedUpTo.get(position(dimension)).put(partition, next);
            }
        });
        // Partitions are read interleaved, in a different order on each subtask. Expiring rows before the load is
        // complete would make the result depend on that order.
        for (Dimension dimension : due) {
            expire(position(dimension));
            of(dimension).intern();
            progress.put(key(dimension, TOPIC), snapshot.topic(dimension));
            if (layout.rowLayout(dimension) != EnrichedLayout.BUNDLED) {
                progress.put(key(dimension, LAYOUT), layout.rowLayout(dimension));
            }
        }
        progress.put(GENERATION, (long) generation);
        loading = 0;
        loadMillis = (System.nanoTime() - start) / 1_000_000;
        LOG.info(
                "Loaded {} in {} ms",
                due.stream()
                        .map(dimension -> of(dimension).rows() + " " + dimension.feed())
                        .collect(Collectors.joining(" and ")),
                loadMillis);
    }

    /** The dimensions to load, in the order of the settings. */
    private Set<Dimension> due(DimensionSnapshot snapshot, int generation) throws Exception {
        Long loaded = progress.get(GENERATION);
        boolean all = loaded == null || loaded < generation || savedOrder != order;
        Set<Dimension> due = new LinkedHashSet<>();
        for (Dimension dimension : dimensions) {
            if (all || !isLoaded(dimension, snapshot)) {
                due.add(dimension);
            }
        }
        return due;
    }

    private boolean isLoaded(Dimension dimension, DimensionSnapshot snapshot) throws Exception {
        Long topic = progress.get(key(dimension, TOPIC));
        Long saved = progress.get(key(dimension, LAYOUT));
        return (topic == null || topic == snapshot.topic(dimension))
                && layout.rowLayout(dimension) == (saved == null ? EnrichedLayout.BUNDLED : saved)
                && (topic != null || progress.contains(key(dimension, TIME)));
    }

    /** Removes the rows of an earlier load: the topic may have lost both the rows and their tombstones. */
    private void clear(Dimension dimension) throws Exception {
        int position = position(dimension);
        tables[position].clear();
        tables[position].suspendInterning();
        clocks[position] = new DimensionClock(config);
        loadedUpTo.get(position).clear();
        forget(dimension.feed().title());
    }

    /** Removes the rows of dimensions that are not in the settings any more. */
    private void clearRemovedDimensions() throws Exception {
        Set<String> removed = new LinkedHashSet<>();
        for (Map.Entry<String, Long> entry : progress.immutableEntries()) {
            int slash = entry.getKey().indexOf('/');
            if (slash > 0) {
                removed.add(entry.getKey().substring(0, slash));
            }
        }
        dimensions.forEach(dimension -> removed.remove(dimension.feed().title()));
        for (String feed : removed) {
            LOG.info("Removes the rows of {}, which are not in dimensions.names any more", feed);
            store.getBroadcastState(DimensionTable.descriptor(feed)).clear();
            forget(feed);
        }
    }

    private void forget(String feed) throws Exception {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<String, Long> entry : progress.immutableEntries()) {
            if (entry.getKey().startsWith(feed + "/")) {
                keys.add(entry.getKey());
            }
        }
        for (String key : keys) {
            progress.remove(key);
        }
    }

    /** Applies a live update unless the load has read it. True if the update is one of the kept versions now. */
    boolean applyLive(DimensionUpdate update) throws Exception {
        int position = position(update.dimension());
        Long next = loadedUpTo.get(position).get(update.partition());
        if (next != null && update.offset() < next) {
            skipped++;
            return false;
        }
        boolean applied = tables[position].apply(update);
        if (clocks[position].advance(update.timestamp())) {
            expire(position);
        } else {
            tables[position].advanceTo(clocks[position].latest());
        }
        return applied;
    }

    /** Writes to state what is kept in memory between checkpoints. */
    void snapshot() throws Exception {
        for (Dimension dimension : dimensions) {
            progress.put(key(dimension, TIME), clocks[position(dimension)].latest());
        }
    }

    private void expire(int position) throws Exception {
        tables[position].advanceTo(clocks[position].latest());
        tables[position].expire(clocks[position].horizons());
    }

    private static String key(Dimension dimension, String name) {
        return dimension.feed().title() + "/" + name;
    }

    private static String titles(Set<Dimension> some) {
        return some.stream().map(dimension -> dimension.feed().title()).collect(Collectors.joining(" and "));
    }

    private void restoreProgress(String key, long value) {
        for (Dimension dimension : dimensions) {
            int position = position(dimension);
            String prefix = key(dimension, "");
            String name = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            if (name.equals(TIME)) {
                clocks[position].advance(value);
                tables[position].advanceTo(value);
            } else if (!name.isEmpty() && name.chars().allMatch(Character::isDigit)) {
                loadedUpTo.get(position).put(Integer.valueOf(name), value);
            }
        }
    }
}
