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
import java.util.EnumMap;
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
 * <p>A fragment is answered from memory; updates go to broadcast state as well. Used from the task's thread.
 */
final class DimensionTables {
    /**
     * What was read, under these keys: {@code generation} (the load that the rows came from), {@code instruments/3} (the first offset of partition 3 that the load did not
     * read), {@code instruments/time} (the latest record timestamp of the dimension that was read, in milliseconds since
     * 1970), {@code instruments/topic} (the number of the topic that was loaded, see {@link DimensionSnapshot#topic}).
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
    private final Map<Dimension, DimensionClock> times = new EnumMap<>(Dimension.class);
    /** The offsets of {@link #PROGRESS}, by partition, for a look at every live update. */
    private final Map<Dimension, Map<Integer, Long>> loadedUpTo = new EnumMap<>(Dimension.class);

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
        for (Dimension dimension : Dimension.values()) {
            times.put(dimension, new DimensionClock(config.dimensions()));
            loadedUpTo.put(dimension, new HashMap<>());
        }
        for (Map.Entry<String, Long> entry : progress.immutableEntries()) {
            remember(entry.getKey(), entry.getValue());
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

    /** Before {@link #load}, so that its progress can be watched. */
    void show(MetricGroup group) {
        instruments.show(group);
        users.show(group);
        group.gauge("skipped", (Gauge<Long>) () -> skipped);
        group.gauge("loading", (Gauge<Integer>) () -> loading);
        group.gauge("loadedRecords", (Gauge<Long>) () -> loadedRecords);
        group.gauge("loadMillis", (Gauge<Long>) () -> loadMillis);
    }

    /** The instrument's part of the enriched trade, or null if it has no row that counts for this trade. */
    byte @Nullable [] instrument(Trade trade) {
        return asOf
                ? instruments.asOf(trade.instrumentId(), trade.tradeTime())
                : instruments.latest(trade.instrumentId());
    }

    /** The user's part of the enriched trade, or null if it has no row that counts for this trade. */
    byte @Nullable [] user(Trade trade) {
        return asOf ? users.asOf(trade.userId(), trade.tradeTime()) : users.latest(trade.userId());
    }

    /** How versions of a row are ordered. */
    VersionOrder order() {
        return order;
    }

    /** Live updates that the load had read already. */
    long skipped() {
        return skipped;
    }

    DimensionTable of(Dimension dimension) {
        return dimension == Dimension.INSTRUMENT ? instruments : users;
    }

    /**
     * Loads the snapshot, unless the state holds it already: of this generation, of these topics and in this order of
     * versions, since what one order has removed the other may need. What decides is the state, not whether it was
     * restored: a savepoint from before a deliberate reload is loaded again.
     */
    void load(DimensionSnapshot standing, int generation, Consumer<RejectedRecord> rejected) throws Exception {
        if (isLoaded(standing, generation)) {
            return;
        }
        LOG.info("Loads the instruments and users; takes the first trade after that");
        loading = 1;
        long began = System.nanoTime();
        clear();
        standing.readAll(new DimensionSnapshot.Receiver() {
            @Override
            public void update(DimensionUpdate update) throws Exception {
                loadedRecords++;
                of(update.dimension()).apply(update);
                timeOf(update.dimension()).advance(update.written());
            }

            @Override
            public void rejection(RejectedRecord rejection) {
                loadedRecords++;
                rejected.accept(rejection);
            }

            @Override
            public void readUpTo(Dimension dimension, int partition, long next) throws Exception {
                String key = dimension.feed().title() + "/" + partition;
                progress.put(key, next);
                remember(key, next);
            }
        });
        // Only now: partitions are read interleaved, in another order on each subtask. Removing rows before the load is
        // complete would make the result depend on that order.
        for (Dimension dimension : Dimension.values()) {
            forget(dimension);
            of(dimension).share();
        }
        for (Dimension dimension : Dimension.values()) {
            progress.put(topicKey(dimension), standing.topic(dimension));
        }
        progress.put(GENERATION, (long) generation);
        loading = 0;
        loadMillis = (System.nanoTime() - began) / 1_000_000;
        LOG.info("Loaded {} instruments and {} users in {} ms", instruments.rows(), users.rows(), loadMillis);
    }

    private boolean isLoaded(DimensionSnapshot standing, int generation) throws Exception {
        Long loaded = progress.get(GENERATION);
        if (loaded == null || loaded < generation || savedOrder != order) {
            return false;
        }
        for (Dimension dimension : Dimension.values()) {
            Long topic = progress.get(topicKey(dimension));
            if (topic != null && topic != standing.topic(dimension)) {
                return false;
            }
        }
        return true;
    }

    /** What an earlier load has left: its rows may be gone from the topics, and their tombstones too. */
    private void clear() {
        for (Dimension dimension : Dimension.values()) {
            of(dimension).clear();
            of(dimension).doNotShare();
            times.put(dimension, new DimensionClock(config));
            offsets(dimension).clear();
        }
        progress.clear();
    }

    /** Takes a live update; true if it is now one of the versions that are kept. What the load has read is skipped. */
    boolean applyLive(DimensionUpdate update) throws Exception {
        Dimension dimension = update.dimension();
        Long next = offsets(dimension).get(update.partition());
        if (next != null && update.offset() < next) {
            skipped++;
            return false;
        }
        boolean stands = of(dimension).apply(update);
        if (timeOf(dimension).advance(update.written())) {
            forget(dimension);
        } else {
            of(dimension).timeIs(timeOf(dimension).latest());
        }
        return stands;
    }

    /** Before a checkpoint: what is only kept in memory between them. */
    void snapshot() throws Exception {
        for (Dimension dimension : Dimension.values()) {
            progress.put(timeKey(dimension), timeOf(dimension).latest());
        }
    }

    private void forget(Dimension dimension) throws Exception {
        DimensionClock time = timeOf(dimension);
        of(dimension).timeIs(time.latest());
        of(dimension).forget(time.horizons());
    }

    private static String timeKey(Dimension dimension) {
        return dimension.feed().title() + "/time";
    }

    private static String topicKey(Dimension dimension) {
        return dimension.feed().title() + "/topic";
    }

    private void remember(String key, long value) {
        for (Dimension dimension : Dimension.values()) {
            String prefix = dimension.feed().title() + "/";
            String partition = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            if (key.equals(timeKey(dimension))) {
                timeOf(dimension).advance(value);
                of(dimension).timeIs(value);
            } else if (!partition.isEmpty() && partition.chars().allMatch(Character::isDigit)) {
                offsets(dimension).put(Integer.valueOf(partition), value);
            }
        }
    }

    @SuppressWarnings("NullAway") // every dimension has one
    private DimensionClock timeOf(Dimension dimension) {
        return times.get(dimension);
    }

    @SuppressWarnings("NullAway") // every dimension has some
    private Map<Integer, Long> offsets(Dimension dimension) {
        return loadedUpTo.get(dimension);
    }
}
