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
 * The rows of one dimension, on one subtask: buckets in broadcast state, and an array of the same buckets for looking
 * them up without touching state.
 *
 * <p>Which version of a row counts is a matter of {@link VersionOrder}, and never of the order of arrival: partitions are
 * read interleaved, in another order on each subtask. So every subtask holds the same rows, which {@link #digest} makes
 * visible.
 */
final class DimensionTable {
    static final MapStateDescriptor<Integer, RowBucket> INSTRUMENTS =
            new MapStateDescriptor<>("instruments", Types.INT, ModelTypes.ROW_BUCKET);
    static final MapStateDescriptor<Integer, RowBucket> USERS =
            new MapStateDescriptor<>("users", Types.INT, ModelTypes.ROW_BUCKET);

    private static final long MICROS_PER_MILLI = 1000;
    private static final long NEVER = Long.MIN_VALUE;
    private static final long END_OF_TIME = Long.MAX_VALUE;

    private final Dimension dimension;
    private final BroadcastState<Integer, RowBucket> state;
    private final VersionOrder order;
    private final int versionsKept;
    private final long ttl;
    private final RowBucket[] buckets = new RowBucket[RowBucket.COUNT];
    /** Rows last written before this time are missing, though they may not have been removed yet. */
    private long expired = NEVER;

    private boolean sharing;

    private long rows;
    private long versions;
    private long tombstones;
    private long digest;
    private long outdated;
    private long ties;

    /**
     * Reads the rows from state, which must have been written in the same order, or be cleared.
     *
     * @param versionsKept how many versions of a row are kept, if they are ordered by {@code valid_from}
     * @param ttl how long a row is present after it was last written, in milliseconds; 0 is for ever
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
        share();
    }

    /** After many rows were put at once: holds equal buckets together with the other subtasks from now on. */
    @SuppressWarnings("ReferenceEquality") // which of two equal ones is held is the point
    void share() throws Exception {
        for (int number = 0; number < buckets.length; number++) {
            RowBucket bucket = buckets[number];
            if (bucket.size() > 0 && (BucketInterner.of(bucket) != bucket || state.get(number) != bucket)) {
                put(number, BucketInterner.of(bucket));
            }
        }
        sharing = true;
    }

    /** While many rows are put: each would make a bucket that is gone with the next, and that no other subtask has. */
    void doNotShare() {
        sharing = false;
    }

    /** Removes all rows and tombstones. */
    void clear() {
        state.clear();
        Arrays.fill(buckets, RowBucket.EMPTY);
        expired = NEVER;
        rows = 0;
        versions = 0;
        tombstones = 0;
        digest = 0;
    }

    void show(MetricGroup join) {
        MetricGroup group = join.addGroup(dimension.feed().title());
        group.gauge("rows", (Gauge<Long>) () -> rows);
        group.gauge("versions", (Gauge<Long>) () -> versions);
        group.gauge("tombstones", (Gauge<Long>) () -> tombstones);
        group.gauge("digest", (Gauge<Long>) () -> digest);
        group.gauge("outdated", (Gauge<Long>) () -> outdated);
        group.gauge("ties", (Gauge<Long>) () -> ties);
    }

    /** The encoded part of an enriched trade from the row's last record, or null where no row is present. */
    byte @Nullable [] latest(long id) {
        RowBucket bucket = buckets[RowBucket.of(id)];
        int at = bucket.last(id);
        return at < 0 || (expired != NEVER && bucket.written(at) < expired) ? null : bucket.fragment(at);
    }

    /**
     * The encoded part of an enriched trade from the version that was valid at a time, or null where none was.
     *
     * @param time microseconds since 1970
     */
    byte @Nullable [] asOf(long id, long time) {
        RowBucket bucket = buckets[RowBucket.of(id)];
        int at = bucket.valid(id, time);
        if (at < 0) {
            return null;
        }
        if (ttl > 0) {
            int first = bucket.first(id);
            long last = bucket.lastWritten(first, bucket.end(first));
            if (last < Math.floorDiv(time, MICROS_PER_MILLI) - ttl) {
                return null;
            }
        }
        return bucket.fragment(at);
    }

    /** From when on the version is valid that follows what was valid at a time; the end of time if none does. */
    long nextAfter(long id, long time) {
        return buckets[RowBucket.of(id)].nextAfter(id, time);
    }

    /** True if the update is now one of the versions that are kept. */
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
            updated = updated.withAtMost(versionsKept, update.id());
            if (updated.replacedBy(update, order) < 0) {
                outdated++;
                return false;
            }
            if (replaced >= 0 && !Arrays.equals(bucket.fragment(replaced), update.fragment())) {
                ties++;
            }
        }
        count(bucket, update.id(), -1);
        count(updated, update.id(), 1);
        put(number, updated);
        return true;
    }

    /** What was written up to now, in milliseconds of the dimension's own time: rows older than their TTL are missing. */
    void timeIs(long written) {
        if (ttl > 0) {
            expired = written - ttl;
        }
    }

    /** Removes what is older than the horizons allow. */
    @SuppressWarnings("ReferenceEquality") // itself if nothing leaves
    void forget(RowBucket.Horizons horizons) throws Exception {
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

    /** Ids that have a row now. */
    long rows() {
        return rows;
    }

    /** Versions of all rows, without tombstones. */
    long versions() {
        return versions;
    }

    /** Tombstones that are still kept. */
    long tombstones() {
        return tombstones;
    }

    /** Updates that were older than all versions that are kept. */
    long outdated() {
        return outdated;
    }

    /** Updates with the {@code valid_from} of a version that was present, but with other content. */
    long ties() {
        return ties;
    }

    /**
     * Equal on all subtasks that hold the same rows; does not depend on the order of arrival. In
     * {@link VersionOrder#BY_RECORD} tombstones do not count, so that it is also equal in two jobs of which one has seen a
     * tombstone that compaction has since removed.
     */
    long digest() {
        return digest;
    }

    private void put(int number, RowBucket bucket) throws Exception {
        RowBucket put = sharing && bucket.size() > 0 ? BucketInterner.of(bucket) : bucket;
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

    private void count(RowBucket bucket, long id, int by) {
        int first = bucket.first(id);
        if (first < bucket.size() && bucket.id(first) == id) {
            count(bucket, first, bucket.end(first), by);
        }
    }

    /** Counts a row with all its versions. */
    private void count(RowBucket bucket, int first, int end, int by) {
        for (int at = first; at < end; at++) {
            boolean tombstone = bucket.fragment(at) == null;
            if (tombstone) {
                tombstones += by;
            } else {
                versions += by;
            }
            if (!tombstone || order == VersionOrder.BY_VALID_FROM) {
                digest += by * RowBucket.hash(bucket.id(at), bucket.validFrom(at), bucket.fragment(at));
            }
        }
        long id = bucket.id(first);
        int now = order == VersionOrder.BY_RECORD ? bucket.last(id) : bucket.valid(id, END_OF_TIME);
        if (now >= 0 && bucket.fragment(now) != null) {
            rows += by;
        }
    }
}
