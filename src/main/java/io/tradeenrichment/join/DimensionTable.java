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
 * <p>The newest {@code valid_from} stands, whatever the order of arrival. Of two versions with the same
 * {@code valid_from}, a deletion stands before a row, and of two rows the one whose bytes are greater. So every subtask
 * holds the same rows, which {@link #digest} makes visible.
 */
final class DimensionTable {
    static final MapStateDescriptor<Integer, RowBucket> INSTRUMENTS =
            new MapStateDescriptor<>("instruments", Types.INT, ModelTypes.ROW_BUCKET);
    static final MapStateDescriptor<Integer, RowBucket> USERS =
            new MapStateDescriptor<>("users", Types.INT, ModelTypes.ROW_BUCKET);

    private final Dimension dimension;
    private final BroadcastState<Integer, RowBucket> state;
    private final RowBucket[] buckets = new RowBucket[RowBucket.COUNT];
    private long rows;
    private long marks;
    private long digest;
    private long outdated;
    private long ties;

    /** Brings the rows back from state. */
    DimensionTable(Dimension dimension, BroadcastState<Integer, RowBucket> state) throws Exception {
        this.dimension = dimension;
        this.state = state;
        Arrays.fill(buckets, RowBucket.EMPTY);
        for (Map.Entry<Integer, RowBucket> entry : state.immutableEntries()) {
            RowBucket bucket = entry.getValue();
            buckets[entry.getKey()] = bucket;
            for (int at = 0; at < bucket.size(); at++) {
                count(bucket, at, 1);
            }
        }
    }

    void show(MetricGroup join) {
        MetricGroup group = join.addGroup(dimension.feed().title());
        group.gauge("rows", (Gauge<Long>) () -> rows);
        group.gauge("tombstones", (Gauge<Long>) () -> marks);
        group.gauge("digest", (Gauge<Long>) () -> digest);
        group.gauge("outdated", (Gauge<Long>) () -> outdated);
        group.gauge("ties", (Gauge<Long>) () -> ties);
    }

    /** The encoded part of an enriched trade, or null where no row stands. */
    byte @Nullable [] fragment(long id) {
        RowBucket bucket = buckets[RowBucket.of(id)];
        int at = bucket.find(id);
        return at < 0 ? null : bucket.fragment(at);
    }

    /** True if the update now stands. */
    boolean apply(DimensionUpdate update) throws Exception {
        int number = RowBucket.of(update.id());
        RowBucket bucket = buckets[number];
        int at = bucket.find(update.id());
        if (at >= 0) {
            if (!supersedes(update, bucket.validFrom(at), bucket.fragment(at))) {
                return false;
            }
            count(bucket, at, -1);
        }
        RowBucket updated = bucket.with(at, update.id(), update.validFrom(), update.fragment());
        put(number, updated);
        count(updated, updated.find(update.id()), 1);
        return true;
    }

    /** Forgets deletions before the given time, in microseconds since 1970. */
    void forgetDeletionsBefore(long time) throws Exception {
        for (int number = 0; number < buckets.length; number++) {
            RowBucket bucket = buckets[number];
            RowBucket kept = bucket.withoutMarksBefore(time);
            if (kept != bucket) {
                for (int at = 0; at < bucket.size(); at++) {
                    count(bucket, at, -1);
                }
                for (int at = 0; at < kept.size(); at++) {
                    count(kept, at, 1);
                }
                put(number, kept);
            }
        }
    }

    long rows() {
        return rows;
    }

    /** Deletions whose dated marks are still kept. */
    long marks() {
        return marks;
    }

    /** Updates that were older than the version that stood. */
    long outdated() {
        return outdated;
    }

    /** Updates with the {@code valid_from} of the version that stood, but with other content. */
    long ties() {
        return ties;
    }

    /** Equal on all subtasks that hold the same rows; does not depend on the order of arrival. */
    long digest() {
        return digest;
    }

    private boolean supersedes(DimensionUpdate update, long standsFrom, byte @Nullable [] stands) {
        if (update.validFrom() != standsFrom) {
            boolean newer = update.validFrom() > standsFrom;
            if (!newer) {
                outdated++;
            }
            return newer;
        }
        byte[] comes = update.fragment();
        if (comes == stands || Arrays.equals(comes, stands)) {
            return false;
        }
        ties++;
        return comes == null || (stands != null && Arrays.compareUnsigned(comes, stands) > 0);
    }

    private void put(int number, RowBucket bucket) throws Exception {
        buckets[number] = bucket;
        state.put(number, bucket);
    }

    private void count(RowBucket bucket, int at, int by) {
        if (bucket.fragment(at) == null) {
            marks += by;
        } else {
            rows += by;
        }
        digest += by * RowBucket.hash(bucket.id(at), bucket.validFrom(at), bucket.fragment(at));
    }
}
