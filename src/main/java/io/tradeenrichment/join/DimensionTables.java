package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Rejection;
import io.tradeenrichment.model.StandingRows;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
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
     * What was read, under these keys: {@code generation} (the load that the rows came from), {@code instruments/3} (the
     * first offset of partition 3 that the load did not read), {@code instruments/forgotten} (deletions before this
     * time, in microseconds, are forgotten).
     */
    private static final MapStateDescriptor<String, Long> PROGRESS =
            new MapStateDescriptor<>("dimension-progress", Types.STRING, Types.LONG);

    /** All broadcast states of the join, as its operator must know them. */
    static final List<MapStateDescriptor<?, ?>> STATES =
            List.of(DimensionTable.INSTRUMENTS, DimensionTable.USERS, PROGRESS);

    private static final String GENERATION = "generation";

    /** Deletions are forgotten in steps of this part of their retention, since each step looks at every row. */
    private static final int STEPS_PER_RETENTION = 8;

    private static final Logger LOG = LoggerFactory.getLogger(DimensionTables.class);

    private final DimensionTable instruments;
    private final DimensionTable users;
    private final BroadcastState<String, Long> progress;
    /** The offsets of {@link #PROGRESS}, by partition, for a look at every live update. */
    private final Map<Dimension, Map<Integer, Long>> loadedUpTo = new HashMap<>();

    private final long tombstoneStep;
    private long skipped;
    private int loading;
    private long loadedRecords;
    private long loadMillis;

    /** @param tombstoneRetention how long a deletion is remembered, in microseconds of the dimension's own time */
    DimensionTables(OperatorStateStore store, long tombstoneRetention) throws Exception {
        instruments = new DimensionTable(Dimension.INSTRUMENT, store.getBroadcastState(DimensionTable.INSTRUMENTS));
        users = new DimensionTable(Dimension.USER, store.getBroadcastState(DimensionTable.USERS));
        progress = store.getBroadcastState(PROGRESS);
        tombstoneStep = Math.max(1, tombstoneRetention / STEPS_PER_RETENTION);
        for (Map.Entry<String, Long> entry : progress.immutableEntries()) {
            remember(entry.getKey(), entry.getValue());
        }
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

    byte @Nullable [] instrument(long id) {
        return instruments.fragment(id);
    }

    byte @Nullable [] user(long id) {
        return users.fragment(id);
    }

    byte @Nullable [] fragment(Dimension dimension, long id) {
        return of(dimension).fragment(id);
    }

    /** Live updates that the load had read already. */
    long skipped() {
        return skipped;
    }

    DimensionTable of(Dimension dimension) {
        return dimension == Dimension.INSTRUMENT ? instruments : users;
    }

    /**
     * Reads all standing rows, unless the state holds them from this generation already. What decides is the state, not
     * whether it was restored: a savepoint from before a deliberate reload is loaded again.
     */
    void load(StandingRows standing, int generation, Consumer<Rejection> rejected) throws Exception {
        Long loaded = progress.get(GENERATION);
        if (loaded != null && loaded >= generation) {
            return;
        }
        LOG.info("Loading the rows that stand; no trade is taken before they do");
        loading = 1;
        long began = System.nanoTime();
        Map<Dimension, Long> newestDeletions = new EnumMap<>(Dimension.class);
        standing.readAll(new StandingRows.Receiver() {
            @Override
            public void update(DimensionUpdate update) throws Exception {
                loadedRecords++;
                of(update.dimension()).apply(update);
                if (update.fragment() == null) {
                    newestDeletions.merge(update.dimension(), update.validFrom(), Math::max);
                }
            }

            @Override
            public void rejection(Rejection rejection) {
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
        // Only now: partitions come interleaved, and on each subtask otherwise. Were deletions forgotten on the way,
        // the
        // rows that stand in the end would depend on it.
        for (Map.Entry<Dimension, Long> newest : newestDeletions.entrySet()) {
            Long forgotten = progress.get(forgottenKey(newest.getKey()));
            long horizon = horizon(newest.getValue());
            forgetDeletionsBefore(newest.getKey(), forgotten == null ? horizon : Math.max(horizon, forgotten));
        }
        progress.put(GENERATION, (long) generation);
        loading = 0;
        loadMillis = (System.nanoTime() - began) / 1_000_000;
        LOG.info("Loaded {} instruments and {} users in {} ms", instruments.rows(), users.rows(), loadMillis);
    }

    /** Takes a live update; true if it now stands. What the load has read already is skipped. */
    boolean applyLive(DimensionUpdate update) throws Exception {
        Map<Integer, Long> loaded = loadedUpTo.get(update.dimension());
        Long next = loaded == null ? null : loaded.get(update.partition());
        if (next != null && update.offset() < next) {
            skipped++;
            return false;
        }
        boolean stands = of(update.dimension()).apply(update);
        if (update.fragment() == null) {
            forgetOldDeletions(update);
        }
        return stands;
    }

    /**
     * Deletions are dated by their records, so they are the clock by which they are forgotten; a row's
     * {@code valid_from} may lie far in the future. In whole steps, so that every subtask forgets at the same record.
     */
    private void forgetOldDeletions(DimensionUpdate deletion) throws Exception {
        long horizon = horizon(deletion.validFrom());
        Long forgotten = progress.get(forgottenKey(deletion.dimension()));
        if (forgotten == null || horizon > forgotten) {
            forgetDeletionsBefore(deletion.dimension(), horizon);
        }
    }

    private long horizon(long newestDeletion) {
        return (newestDeletion / tombstoneStep - STEPS_PER_RETENTION) * tombstoneStep;
    }

    private void forgetDeletionsBefore(Dimension dimension, long horizon) throws Exception {
        progress.put(forgottenKey(dimension), horizon);
        of(dimension).forgetDeletionsBefore(horizon);
    }

    private static String forgottenKey(Dimension dimension) {
        return dimension.feed().title() + "/forgotten";
    }

    private void remember(String key, long next) {
        for (Dimension dimension : Dimension.values()) {
            String prefix = dimension.feed().title() + "/";
            String partition = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            if (!partition.isEmpty() && partition.chars().allMatch(Character::isDigit)) {
                loadedUpTo.computeIfAbsent(dimension, d -> new HashMap<>()).put(Integer.valueOf(partition), next);
            }
        }
    }
}
