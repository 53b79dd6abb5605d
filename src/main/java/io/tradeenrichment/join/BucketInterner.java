package io.tradeenrichment.join;

import io.tradeenrichment.state.RowBucket;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * One copy of equal buckets for all subtasks of the job in this JVM: they all come to hold the same rows, each at its own
 * time, so what is shared is the immutable bucket and never the table. Held weakly, and by the job's own class loader: what
 * no subtask stands on any more is collected, and nothing is left when the job ends.
 */
final class BucketInterner {
    private static final Map<RowBucket, WeakReference<RowBucket>> BUCKETS = new WeakHashMap<>();

    private BucketInterner() {}

    /** This bucket, or an equal one that was here before. Any thread. */
    static RowBucket of(RowBucket bucket) {
        synchronized (BUCKETS) {
            WeakReference<RowBucket> known = BUCKETS.get(bucket);
            RowBucket shared = known == null ? null : known.get();
            if (shared != null) {
                return shared;
            }
            BUCKETS.put(bucket, new WeakReference<>(bucket));
            return bucket;
        }
    }
}
