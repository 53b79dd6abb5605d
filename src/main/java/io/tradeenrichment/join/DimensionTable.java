package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.RowBucket;
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
 * <p>Versions of a row stand by their {@code valid_from}, whatever the order of arrival, the newest so many of them. Of
 * two versions with the same {@code valid_from}, a deletion stands before a row, and of two rows the one whose bytes are
 * greater. So every subtask holds the same rows, which {@link #digest} makes visible.
 */
final class DimensionTable {
    static final MapStateDescriptor<Integer, RowBucket> INSTRUMENTS =
            new MapStateDescriptor<>("instruments", Types.INT, ModelTypes.ROW_BUCKET);
    static final MapStateDescriptor<Integer, RowBucket> USERS =
            new MapStateDescriptor<>("users", Types.INT, ModelTypes.ROW_BUCKET);

    private static final long MICROS_PER_MILLI = 1000;
    private static final long NEVER = Long.MIN_VALUE;

    private final Dimension dimension;
    private final BroadcastState<Integer, RowBucket> state;
    private final int versionsKept;
    private final long ttl;
    private final RowBucket[] buckets = new RowBucket[RowBucket.COUNT];
    /** Rows last written before this time are missing, though they may not have been removed yet. */
    private long expired = NEVER;

    private boolean sharing;

    private long rows;
    private long versions;
    private long marks;
    private long digest;
    private long outdated;
    private long ties;

    /**
     * Brings the rows back from state.
     *
     * @param versionsKept how many versions of a row are kept
     * @param ttl how long a row stands after it was last written, in milliseconds; 0 is for ever
     */
    DimensionTable(Dimension dimension, BroadcastState<Integer, RowBucket> state, int versionsKept, long ttl)
            throws Exception {
        this.dimension = dimension;
        this.state = state;
        this.versionsKept = versionsKept;
        this.ttl = ttl;
        Arrays.fill(buckets, RowBucket.EMPTY);
        for (Map.Entry<Integer, RowBucket> entry : state.immutableEntries()) {
            buckets[entry.getKey()] = entry.getValue();
            count(entry.getValue(), 1);
        }
        share();
    }

    /** After many rows were put at once: holds equal buckets together with the other subtasks from now on. */
    @SuppressWarnings("ReferenceEquality") // which of two equal ones is held is the point
    void share() throws Exception {
        for (int number = 0; number < buckets.length; number++) {
            RowBucket bucket = buckets[number];
            RowBucket shared = bucket.size() == 0 ? bucket : SharedBuckets.of(bucket);
            if (shared != bucket) {
                put(number, shared);
            }
        }
        sharing = true;
    }

    /** While many rows are put: each would make a bucket that is gone with the next, and that no other subtask has. */
    void doNotShare() {
        sharing = false;
    }

    void show(MetricGroup join) {
        MetricGroup group = join.addGroup(dimension.feed().title());
        group.gauge("rows", (Gauge<Long>) () -> rows);
        group.gauge("versions", (Gauge<Long>) () -> versions);
        group.gauge("tombstones", (Gauge<Long>) () -> marks);
        group.gauge("digest", (Gauge<Long>) () -> digest);
        group.gauge("outdated", (Gauge<Long>) () -> outdated);
        group.gauge("ties", (Gauge<Long>) () -> ties);
    }

    /** The encoded part of an enriched trade from the newest version, or null where no row stands. */
    byte @Nullable [] latest(long id) {
        RowBucket bucket = buckets[RowBucket.of(id)];
        int at = bucket.newest(id);
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
            long last = bucket.lastWritten(bucket.oldest(at), bucket.end(at));
            if (last < Math.floorDiv(time, MICROS_PER_MILLI) - ttl) {
                return null;
            }
        }
        return bucket.fragment(at);
    }

    /** From when on the version is valid that follows what was valid at a time; the end of time if none does. */
    long nextAfter(long id, long time) {
        RowBucket bucket = buckets[RowBucket.of(id)];
        int at = bucket.valid(id, time);
        int next = at < 0 ? -at - 1 : at + 1;
        return next < bucket.size() && bucket.id(next) == id ? bucket.validFrom(next) : Long.MAX_VALUE;
    }

    /** True if the update now stands. */
    boolean apply(DimensionUpdate update) throws Exception {
        int number = RowBucket.of(update.id());
        RowBucket bucket = buckets[number];
        int at = bucket.valid(update.id(), update.validFrom());
        if (at >= 0 && bucket.validFrom(at) == update.validFrom()) {
            if (!prevails(update, bucket.fragment(at))) {
                refresh(number, at, update.written());
                return false;
            }
            replace(number, update, at, at + 1, at + 1);
            return true;
        }
        int place = at < 0 ? -at - 1 : at + 1;
        int newest = bucket.newest(update.id());
        int first = newest < 0 ? place : bucket.oldest(newest);
        int standing = newest < 0 ? 0 : newest + 1 - first;
        boolean full = standing >= versionsKept;
        if (full && place == first) {
            outdated++;
            return false;
        }
        replace(number, update, first, full ? first + standing + 1 - versionsKept : first, place);
        return true;
    }

    /** What was written up to now, in milliseconds of the dimension's own time: rows older than their TTL are missing. */
    void timeIs(long written) {
        if (ttl > 0) {
            expired = written - ttl;
        }
    }

    /** Forgets what lies behind the horizons. */
    @SuppressWarnings("ReferenceEquality") // itself if nothing leaves
    void forget(RowBucket.Horizons horizons) throws Exception {
        for (int number = 0; number < buckets.length; number++) {
            RowBucket bucket = buckets[number];
            RowBucket kept = bucket.within(horizons);
            if (kept != bucket) {
                count(bucket, -1);
                count(kept, 1);
                put(number, kept);
            }
        }
    }

    /** Ids whose newest version is no deletion. */
    long rows() {
        return rows;
    }

    /** Versions of all rows, without deletions. */
    long versions() {
        return versions;
    }

    /** Deletions whose dated marks are still kept. */
    long marks() {
        return marks;
    }

    /** Updates that were older than all versions that are kept. */
    long outdated() {
        return outdated;
    }

    /** Updates with the {@code valid_from} of a version that stood, but with other content. */
    long ties() {
        return ties;
    }

    /** Equal on all subtasks that hold the same rows; does not depend on the order of arrival. */
    long digest() {
        return digest;
    }

    /** Whether an update stands before what stands with the same {@code valid_from}. */
    private boolean prevails(DimensionUpdate update, byte @Nullable [] stands) {
        byte[] comes = update.fragment();
        if (comes == stands || Arrays.equals(comes, stands)) {
            return false;
        }
        ties++;
        return comes == null || (stands != null && Arrays.compareUnsigned(comes, stands) > 0);
    }

    /** The same version once more: the row is as young as that, which only its TTL asks for. */
    private void refresh(int number, int at, long written) throws Exception {
        RowBucket bucket = buckets[number];
        long before = bucket.written(at);
        if (ttl > 0 && (before < written || before == RowBucket.WRITTEN_UNKNOWN)) {
            put(number, bucket.writtenAt(at, written));
        }
    }

    private void replace(int number, DimensionUpdate update, int from, int to, int place) throws Exception {
        RowBucket bucket = buckets[number];
        int newest = bucket.newest(update.id());
        if (newest >= 0) {
            count(bucket, bucket.oldest(newest), newest + 1, -1);
        }
        RowBucket updated = bucket.with(update, from, to, place);
        newest = updated.newest(update.id());
        count(updated, updated.oldest(newest), newest + 1, 1);
        put(number, updated);
    }

    private void put(int number, RowBucket bucket) throws Exception {
        RowBucket put = sharing ? SharedBuckets.of(bucket) : bucket;
        buckets[number] = put;
        state.put(number, put);
    }

    private void count(RowBucket bucket, int by) {
        for (int first = 0, end; first < bucket.size(); first = end) {
            end = bucket.end(first);
            count(bucket, first, end, by);
        }
    }

    /** Counts a row with all its versions. */
    private void count(RowBucket bucket, int first, int end, int by) {
        for (int at = first; at < end; at++) {
            if (bucket.fragment(at) == null) {
                marks += by;
            } else {
                versions += by;
            }
            digest += by * RowBucket.hash(bucket.id(at), bucket.validFrom(at), bucket.fragment(at));
        }
        if (bucket.fragment(end - 1) != null) {
            rows += by;
        }
    }
}
