package io.tradeenrichment.decode;

import io.tradeenrichment.model.EndOffsets.Ends;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.SourceRecord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The position of a reader in each partition of its feed. Compares it with the end offsets of the feed. */
final class FeedPosition {
    private static final long UNREAD = Long.MIN_VALUE;

    /** By partition: the next offset; 0 if nothing has been read. */
    private long[] next = new long[0];
    /** By partition: the latest record timestamp, or {@link #UNREAD}. Used for generated feeds only. */
    private long[] latest = new long[0];

    /** End offsets that the reader has not reached yet. */
    private @Nullable Ends pending;

    private long readUpTo = ReadProgress.NEVER;
    private long caughtUpAt = ReadProgress.NEVER;

    /** Everything below an offset of a partition has been read. */
    void advanceTo(int partition, long offset) {
        ensureCapacity(partition);
        next[partition] = Math.max(next[partition], offset);
    }

    /** A record has been read. */
    void read(SourceRecord record) {
        int partition = record.partition();
        if (partition >= next.length) {
            ensureCapacity(partition);
        }
        next[partition] = record.offset() + 1;
        latest[partition] = Math.max(latest[partition], record.timestamp());
    }

    /** The next offset of each partition that has been read from. */
    Map<Integer, Long> offsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int partition = 0; partition < next.length; partition++) {
            if (next[partition] > 0) {
                offsets.put(partition, next[partition]);
            }
        }
        return offsets;
    }

    /**
     * Compares the position with new end offsets. End offsets that the reader has not reached are kept until it reaches
     * them: a busy feed has grown again by the time that the reader reaches its previous end.
     *
     * <p>Only end offsets that were reached show how far a topic has been read. Record timestamps do not: a timestamp
     * in the future would cover all records after it in the partition.
     */
    void update(Ends newest) {
        if (hasReached(newest, newest)) {
            reached(newest);
            pending = null;
        } else if (pending != null && hasReached(pending, newest)) {
            reached(pending);
            pending = newest;
        } else if (pending == null) {
            pending = newest;
        }
        if (!newest.timestamped()) {
            readUpTo = Math.max(readUpTo, latestOfAll() - 1);
        }
    }

    private void reached(Ends ends) {
        caughtUpAt = ends.requestedAt();
        if (ends.timestamped()) {
            // More records of the same millisecond may follow.
            readUpTo = ends.requestedAt() - 1;
        }
    }

    /**
     * Newer end offsets may be lower: then the earlier end was a transaction marker, with no record to read before it.
     */
    private boolean hasReached(Ends ends, Ends newest) {
        for (Map.Entry<Integer, Long> end : ends.offsets().entrySet()) {
            long visible = Math.min(end.getValue(), newest.offsets().getOrDefault(end.getKey(), end.getValue()));
            if (visible > 0 && (end.getKey() >= next.length || next[end.getKey()] < visible)) {
                return false;
            }
        }
        return true;
    }

    /** The earliest of the latest timestamps of all partitions. */
    private long latestOfAll() {
        long earliest = latest.length == 0 ? UNREAD : Long.MAX_VALUE;
        for (long timestamp : latest) {
            earliest = Math.min(earliest, timestamp);
        }
        return Math.max(earliest, UNREAD + 1);
    }

    /** All records with a timestamp up to this have been read. */
    long readUpTo() {
        return readUpTo;
    }

    /** When the feed was last read to its end, in processing time. */
    long caughtUpAt() {
        return caughtUpAt;
    }

    private void ensureCapacity(int partition) {
        if (partition >= next.length) {
            int known = next.length;
            next = Arrays.copyOf(next, partition + 1);
            latest = Arrays.copyOf(latest, partition + 1);
            Arrays.fill(latest, known, latest.length, UNREAD);
        }
    }
}
