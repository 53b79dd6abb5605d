package io.tradeenrichment.join;

import io.tradeenrichment.state.RowBucket;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Interns buckets: equal buckets of all subtasks of the job in this JVM are one object. Subtasks reach the same rows at
 * different times, so they share immutable buckets and no table.
 *
 * <p>References are weak, and the map belongs to the job's class loader: unused buckets are collected, and nothing
 * remains when the job ends.
 */
final class BucketInterner {
    private static final Map<RowBucket, WeakReference<RowBucket>> BUCKETS = new WeakHashMap<>();

    private BucketInterner() {}

    /** This bucket, or an equal one that was interned before. Any thread. */
    static RowBucket of(RowBucket bucket) {
        synchronized (BUCKETS) {
            WeakReference<RowBucket> known = BUCKETS.get(bucket);
            RowBucket interned = known == null ? null : known.get();
            if (interned != null) {
                return interned;
            }
            BUCKETS.put(bucket, new WeakReference<>(bucket));
            return bucket;
        }
    }
}
