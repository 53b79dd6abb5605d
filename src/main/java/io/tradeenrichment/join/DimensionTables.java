package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JoinTime;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.RowBucket;
import io.tradeenrichment.state.VersionOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of both dimensions on one subtask, and how far they have been read.
 *
 * <p>Lookups use memory only; updates are written to broadcast state too. Task thread only.
 */
final class DimensionTables {
    /**
     * The progress of reading, under these keys: {@code generation} (the generation of the loaded snapshot),
     * {@code instruments/3} (the first offset of partition 3 that the load did not read), {@code instruments/time}
     * (the latest record timestamp that was read, in milliseconds since 1970), {@code instruments/topic} (the loaded
     * topic, see {@link DimensionSnapshot#topic}).
     */
    static final MapStateDescriptor<String, Long> PROGRESS =
            new MapStateDescriptor<>("dimension-progress", Types.STRING, Types.LONG);

    static final String GENERATION = "generation";

    private static final Logger LOG = LoggerFactory.getLogger(DimensionTables.class);

    private final JobConfig.Dimensions config;
    private final boolean asOf;
    private final VersionOrder order;
    private final DimensionTable instruments;
    private final DimensionTable users;
    private final BroadcastState<String, Long> progress;
    private final VersionOrder savedOrder;
    private final Map<Dimension, DimensionClock> clocks = new HashMap<>();
    /** The offsets of {@link #PROGRESS} by partition, which are compared with every live update. */
    private final Map<Dimension, Map<Integer, Long>> loadedUpTo = new HashMap<>();

    private long skipped;
    private int loading;
    private long loadedRecords;
    private long loadMillis;

    DimensionTables(OperatorStateStore store, JobConfig config) throws Exception {
        this.config = config.dimensions();
        asOf = config.join().time() == JoinTime.AS_OF;
        order = asOf ? VersionOrder.BY_VALID_FROM : VersionOrder.BY_RECORD;
        instruments = table(Dimension.INSTRUMENT, DimensionTable.INSTRUMENTS, store);
        users = table(Dimension.USER, DimensionTable.USERS, store);
        progress = store.getBroadcastState(PROGRESS);
        savedOrder = new SavedSettings(store).order().orElse(order);
        for (Dimension dimension : Dimension.BUNDLED) {
            clocks.put(dimension, new DimensionClock(config.dimensions()));
            loadedUpTo.put(dimension, new HashMap<>());
        }
        for (Map.Entry<String, Long> entry : progress.immutableEntries()) {
            restoreProgress(entry.getKey(), entry.getValue());
        }
    }

    private DimensionTable table(
            Dimension dimension, MapStateDescriptor<Integer, RowBucket> descriptor, OperatorStateStore store)
            throws Exception {
        return new DimensionTable(
                dimension,
                store.getBroadcastState(descriptor),
                order,
                config.versions(),
                config.ttl().toMillis());
    }

    /** Registers metrics. To be called before {@link #load}, whose progress they show. */
    void register(MetricGroup group) {
        instruments.register(group);
        users.register(group);
        group.gauge("skipped", (Gauge<Long>) () -> skipped);
        group.gauge("loading", (Gauge<Integer>) () -> loading);
        group.gauge("loadedRecords", (Gauge<Long>) () -> loadedRecords);
        group.gauge("loadMillis", (Gauge<Long>) () -> loadMillis);
    }

    /** The fragment of the instrument's row for this trade; null if the row is missing. */
    byte @Nullable [] instrument(Trade trade) {
        return asOf
                ? instruments.asOf(trade.id(0), trade.text(0), trade.tradeTime())
                : instruments.latest(trade.id(0), trade.text(0));
    }

    /** The fragment of the user's row for this trade; null if the row is missing. */
    byte @Nullable [] user(Trade trade) {
        return asOf
                ? users.asOf(trade.id(1), trade.text(1), trade.tradeTime())
                : users.latest(trade.id(1), trade.text(1));
    }

    /** The order of the versions of a row. */
    VersionOrder order() {
        return order;
    }

    /** The number of live updates that the load had read already. */
    long skipped() {
        return skipped;
    }

    DimensionTable of(Dimension dimension) {
        return dimension.equals(Dimension.INSTRUMENT) ? instruments : users;
    }

    /**
     * Loads the snapshot unless the state contains it already, with this generation, these topics and this order of
     * versions: one order removes versions that the other needs. The state decides, not whether it was restored: after
     * a restore from a savepoint of an earlier generation, the snapshot is loaded again.
     */
    void load(DimensionSnapshot snapshot, int generation, Consumer<RejectedRecord> rejected) throws Exception {
        if (isLoaded(snapshot, generation)) {
            return;
        }
        LOG.info("Loading instruments and users before the first trade");
        loading = 1;
        long start = System.nanoTime();
        clear();
        snapshot.readAll(new DimensionSnapshot.Receiver() {
            @Override
            public void update(DimensionUpdate update) throws Exception {
                loadedRecords++;
                of(update.dimension()).apply(update);
                clock(update.dimension()).advance(update.timestamp());
            }

            @Override
            public void rejected(RejectedRecord record) {
                loadedRecords++;
                rejected.accept(record);
            }

            @Override
            public void readUpTo(Dimension dimension, int partition, long next) throws Exception {
                String key = dimension.feed().title() + "/" + partition;
                progress.put(key, next);
                restoreProgress(key, next);
            }
        });
        // Partitions are read interleaved, in a different order on each subtask. Expiring rows before the load is
        // complete
        // would make the result depend on that order.
        for (Dimension dimension : Dimension.BUNDLED) {
            expire(dimension);
            of(dimension).intern();
        }
        for (Dimension dimension : Dimension.BUNDLED) {
            progress.put(topicKey(dimension), snapshot.topic(dimension));
        }
        progress.put(GENERATION, (long) generation);
        loading = 0;
        loadMillis = (System.nanoTime() - start) / 1_000_000;
        LOG.info("Loaded {} instruments and {} users in {} ms", instruments.rows(), users.rows(), loadMillis);
    }

    private boolean isLoaded(DimensionSnapshot snapshot, int generation) throws Exception {
        Long loaded = progress.get(GENERATION);
        if (loaded == null || loaded < generation || savedOrder != order) {
            return false;
        }
        for (Dimension dimension : Dimension.BUNDLED) {
            Long topic = progress.get(topicKey(dimension));
            if (topic != null && topic != snapshot.topic(dimension)) {
                return false;
            }
        }
        return true;
    }

    /** Removes the rows of an earlier load: the topics may have lost both the rows and their tombstones. */
    private void clear() {
        for (Dimension dimension : Dimension.BUNDLED) {
            of(dimension).clear();
            of(dimension).suspendInterning();
            clocks.put(dimension, new DimensionClock(config));
            offsets(dimension).clear();
        }
        progress.clear();
    }

    /** Applies a live update unless the load has read it. True if the update is one of the kept versions now. */
    boolean applyLive(DimensionUpdate update) throws Exception {
        Dimension dimension = update.dimension();
        Long next = offsets(dimension).get(update.partition());
        if (next != null && update.offset() < next) {
            skipped++;
            return false;
        }
        boolean applied = of(dimension).apply(update);
        if (clock(dimension).advance(update.timestamp())) {
            expire(dimension);
        } else {
            of(dimension).advanceTo(clock(dimension).latest());
        }
        return applied;
    }

    /** Writes to state what is kept in memory between checkpoints. */
    void snapshot() throws Exception {
        for (Dimension dimension : Dimension.BUNDLED) {
            progress.put(timeKey(dimension), clock(dimension).latest());
        }
    }

    private void expire(Dimension dimension) throws Exception {
        DimensionClock clock = clock(dimension);
        of(dimension).advanceTo(clock.latest());
        of(dimension).expire(clock.horizons());
    }

    private static String timeKey(Dimension dimension) {
        return dimension.feed().title() + "/time";
    }

    private static String topicKey(Dimension dimension) {
        return dimension.feed().title() + "/topic";
    }

    private void restoreProgress(String key, long value) {
        for (Dimension dimension : Dimension.BUNDLED) {
            String prefix = dimension.feed().title() + "/";
            String partition = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            if (key.equals(timeKey(dimension))) {
                clock(dimension).advance(value);
                of(dimension).advanceTo(value);
            } else if (!partition.isEmpty() && partition.chars().allMatch(Character::isDigit)) {
                offsets(dimension).put(Integer.valueOf(partition), value);
            }
        }
    }

    @SuppressWarnings("NullAway") // every dimension has one
    private DimensionClock clock(Dimension dimension) {
        return clocks.get(dimension);
    }

    @SuppressWarnings("NullAway") // every dimension has some
    private Map<Integer, Long> offsets(Dimension dimension) {
        return loadedUpTo.get(dimension);
    }
}
