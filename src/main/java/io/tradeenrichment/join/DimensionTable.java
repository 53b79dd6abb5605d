package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.state.RowBucket;
import io.tradeenrichment.state.VersionOrder;
import io.tradeenrichment.types.ModelTypes;
import java.util.Arrays;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one dimension on one subtask: buckets in broadcast state, and an array of the same buckets for lookups
 * without state access.
 *
 * <p>{@link VersionOrder} alone determines which version of a row counts. The order of arrival does not: partitions are
 * read interleaved, in a different order on each subtask. So every subtask has the same rows, as {@link #digest} shows.
 */
final class DimensionTable {
    private static final long MICROS_PER_MILLI = 1000;
    private static final long NEVER = Long.MIN_VALUE;
    private static final long END_OF_TIME = Long.MAX_VALUE;

    private final Dimension dimension;
    private final BroadcastState<Integer, RowBucket> state;
    private final VersionOrder order;
    private final int versionsKept;
    private final long ttl;
    private final RowBucket[] buckets = new RowBucket[RowBucket.COUNT];
    /** Rows whose last record timestamp is before this are missing, even if they have not been removed yet. */
    private long expiredBefore = NEVER;

    private boolean interning;

    private long rows;
    private long versions;
    private long tombstones;
    private long digest;
    private long outdated;
    private long ties;

    /**
     * Restores the rows from state. The state must have the same order of versions, or be cleared before use.
     *
     * @param versionsKept the maximum number of versions of a row, if they are ordered by {@code valid_from}
     * @param ttl how long a row is present after its last record timestamp, in milliseconds; 0 is unlimited
     */
    DimensionTable(
            Dimension dimension,
            BroadcastState<Integer, RowBucket> state,
            VersionOrder order,
            int versionsKept,
            long ttl)
            throws Exception {
        this.dimension = dimension;
        this.state = state;
        this.order = order;
        this.versionsKept = versionsKept;
        this.ttl = ttl;
        Arrays.fill(buckets, RowBucket.EMPTY);
        for (Map.Entry<Integer, RowBucket> entry : state.immutableEntries()) {
            buckets[entry.getKey()] = entry.getValue();
            count(buckets[entry.getKey()], 1);
        }
        intern();
    }

    /** The state of a dimension's rows. Its name is that of the feed. */
    static MapStateDescriptor<Integer, RowBucket> descriptor(Dimension dimension) {
        return descriptor(dimension.feed().title());
    }

    static MapStateDescriptor<Integer, RowBucket> descriptor(String feed) {
        return new MapStateDescriptor<>(feed, Types.INT, ModelTypes.ROW_BUCKET);
    }

    /** Interns all buckets, and from now on each bucket that changes. */
    @SuppressWarnings("ReferenceEquality") // one of two equal objects is kept
    void intern() throws Exception {
        for (int number = 0; number < buckets.length; number++) {
            RowBucket bucket = buckets[number];
            if (bucket.size() > 0 && (BucketInterner.of(bucket) != bucket || state.get(number) != bucket)) {
                put(number, BucketInterner.of(bucket));
            }
        }
        interning = true;
    }

    /** During a bulk load, the next row replaces each bucket before another subtask has an equal one. */
    void suspendInterning() {
        interning = false;
    }

    /** Removes all rows and tombstones. */
    void clear() {
        state.clear();
        Arrays.fill(buckets, RowBucket.EMPTY);
        expiredBefore = NEVER;
        rows = 0;
        versions = 0;
        tombstones = 0;
        digest = 0;
    }

    void register(MetricGroup join) {
        MetricGroup group = join.addGroup(dimension.feed().title());
        group.gauge("rows", (Gauge<Long>) () -> rows);
        group.gauge("versions", (Gauge<Long>) () -> versions);
        group.gauge("tombstones", (Gauge<Long>) () -> tombstones);
        group.gauge("digest", (Gauge<Long>) () -> digest);
        group.gauge("outdated", (Gauge<Long>) () -> outdated);
        group.gauge("ties", (Gauge<Long>) () -> ties);
    }

    /**
     * The fragment of the row's last record; null if no row is present.
     *
     * @param id the integer, or the number of the text
     * @param text of the id; null for an integer
     */
    byte @Nullable [] latest(long id, byte @Nullable [] text) {
        RowBucket bucket = buckets[RowBucket.of(id)];
        int at = bucket.last(id, text);
        return at < 0 || (expiredBefore != NEVER && bucket.timestamp(at) < expiredBefore) ? null : bucket.fragment(at);
    }

    /**
     * The fragment of the version that was valid at a time; null if none was.
     *
     * @param time microseconds since 1970
     */
    byte @Nullable [] asOf(long id, byte @Nullable [] text, long time) {
        RowBucket bucket = buckets[RowBucket.of(id)];
        int at = bucket.valid(id, text, time);
        if (at < 0) {
            return null;
        }
        if (ttl > 0) {
            int first = bucket.first(id, text);
            long last = bucket.lastTimestamp(first, bucket.end(first));
            if (last < Math.floorDiv(time, MICROS_PER_MILLI) - ttl) {
                return null;
            }
        }
        return bucket.fragment(at);
    }

    /** The {@code valid_from} of the next version after a time; {@link Long#MAX_VALUE} if there is none. */
    long nextAfter(long id, byte @Nullable [] text, long time) {
        return buckets[RowBucket.of(id)].nextAfter(id, text, time);
    }

    /** Applies an update. True if the update is one of the kept versions now. */
    @SuppressWarnings("ReferenceEquality") // itself if nothing changed
    boolean apply(DimensionUpdate update) throws Exception {
        int number = RowBucket.of(update.id());
        RowBucket bucket = buckets[number];
        int replaced = bucket.replacedBy(update, order);
        RowBucket updated = bucket.with(update, order);
        if (updated == bucket) {
            return false;
        }
        if (order == VersionOrder.BY_VALID_FROM) {
            updated = updated.withAtMost(versionsKept, update.id(), update.text());
            if (updated.replacedBy(update, order) < 0) {
                outdated++;
                return false;
            }
            if (replaced >= 0 && !Arrays.equals(bucket.fragment(replaced), update.fragment())) {
                ties++;
            }
        }
        count(bucket, update, -1);
        count(updated, update, 1);
        put(number, updated);
        return true;
    }

    /**
     * Advances the time of the dimension, in milliseconds since 1970. Rows older than their TTL are missing from now
     * on.
     */
    void advanceTo(long time) {
        if (ttl > 0) {
            expiredBefore = time - ttl;
        }
    }

    /** Removes the versions that are older than the horizons. */
    @SuppressWarnings("ReferenceEquality") // itself if nothing is removed
    void expire(RowBucket.Horizons horizons) throws Exception {
        for (int number = 0; number < buckets.length; number++) {
            RowBucket bucket = buckets[number];
            RowBucket kept = bucket.within(horizons, order);
            if (kept != bucket) {
                count(bucket, -1);
                count(kept, 1);
                put(number, kept);
            }
        }
    }

    /** The number of ids with a row. */
    long rows() {
        return rows;
    }

    /** The number of versions of all rows, without tombstones. */
    long versions() {
        return versions;
    }

    /** The number of tombstones. */
    long tombstones() {
        return tombstones;
    }

    /** The number of updates that were older than all kept versions. */
    long outdated() {
        return outdated;
    }

    /** The number of updates with the {@code valid_from} of a present version but different content. */
    long ties() {
        return ties;
    }

    /**
     * Equal on all subtasks with the same rows, whatever their order of arrival. In {@link VersionOrder#BY_RECORD}
     * tombstones are excluded, so that it is also equal in a job that read a tombstone and in a job that started after
     * compaction had removed it.
     */
    long digest() {
        return digest;
    }

    private void put(int number, RowBucket bucket) throws Exception {
        RowBucket put = interning && bucket.size() > 0 ? BucketInterner.of(bucket) : bucket;
        buckets[number] = put;
        if (put.size() == 0) {
            state.remove(number);
        } else {
            state.put(number, put);
        }
    }

    private void count(RowBucket bucket, int by) {
        for (int first = 0, end; first < bucket.size(); first = end) {
            end = bucket.end(first);
            count(bucket, first, end, by);
        }
    }

    /** Counts the row of an update. */
    private void count(RowBucket bucket, DimensionUpdate update, int by) {
        int first = bucket.first(update.id(), update.text());
        if (bucket.isOf(first, update.id(), update.text())) {
            count(bucket, first, bucket.end(first), by);
        }
    }

    /** Counts a row with all its versions, {@code by} times. */
    private void count(RowBucket bucket, int first, int end, int by) {
        for (int at = first; at < end; at++) {
            boolean tombstone = bucket.fragment(at) == null;
            if (tombstone) {
                tombstones += by;
            } else {
                versions += by;
            }
            if (!tombstone || order == VersionOrder.BY_VALID_FROM) {
                digest += by * bucket.hash(at);
            }
        }
        int now = order == VersionOrder.BY_RECORD
                ? end - 1
                : bucket.valid(bucket.id(first), bucket.text(first), END_OF_TIME);
        if (now >= 0 && bucket.fragment(now) != null) {
            rows += by;
        }
    }
}
