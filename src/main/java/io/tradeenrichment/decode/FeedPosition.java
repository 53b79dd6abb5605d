package io.tradeenrichment.decode;

import io.tradeenrichment.model.EndOffsets.Ends;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.SourceRecord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a reader has come in each partition of its feed, and what follows from that and from the feed's ends. */
final class FeedPosition {
    private static final long UNREAD = Long.MIN_VALUE;

    /** By partition: the next offset. 0 for a partition of which nothing has been read. */
    private long[] next = new long[0];
    /** By partition: the latest timestamp that was read, or {@link #UNREAD}. Needed for generated feeds only. */
    private long[] latest = new long[0];

    /** An answer that the reader has not reached yet. */
    private @Nullable Ends ahead;

    private long readUpTo = ReadProgress.NEVER;
    private long caughtUpAt = ReadProgress.NEVER;

    /** Everything below an offset of a partition has been read. */
    void readBelow(int partition, long offset) {
        makeRoom(partition);
        next[partition] = Math.max(next[partition], offset);
    }

    /** A record has been read. */
    void read(SourceRecord record) {
        int partition = record.partition();
        if (partition >= next.length) {
            makeRoom(partition);
        }
        next[partition] = record.offset() + 1;
        latest[partition] = Math.max(latest[partition], record.timestamp());
    }

    /** The next offset of each partition of which something has been read. */
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
     * Takes the newest answer. An answer that is ahead of the reader is kept until the reader has reached it: a busy feed
     * has grown again by the time that it is read up to where it ended.
     *
     * <p>Only an answer that was reached says how far a topic has been read. Record timestamps do not: one that is ahead of
     * its time would stand for all that is behind it in the partition.
     */
    void endsAt(Ends newest) {
        if (hasReached(newest, newest)) {
            reached(newest);
            ahead = null;
        } else if (ahead != null && hasReached(ahead, newest)) {
            reached(ahead);
            ahead = newest;
        } else if (ahead == null) {
            ahead = newest;
        }
        if (!newest.timestamped()) {
            readUpTo = Math.max(readUpTo, latestOfAll() - 1);
        }
    }

    private void reached(Ends ends) {
        caughtUpAt = ends.askedAt();
        if (ends.timestamped()) {
            // More may come of the same millisecond.
            readUpTo = ends.askedAt() - 1;
        }
    }

    /** The newest answer may know that there is nothing to read below an end: then that end was a transaction's marker. */
    private boolean hasReached(Ends ends, Ends newest) {
        for (Map.Entry<Integer, Long> end : ends.offsets().entrySet()) {
            long visible = Math.min(end.getValue(), newest.offsets().getOrDefault(end.getKey(), end.getValue()));
            if (visible > 0 && (end.getKey() >= next.length || next[end.getKey()] < visible)) {
                return false;
            }
        }
        return true;
    }

    /** The earliest of the partitions' latest timestamps; nothing is below the beginning of time. */
    private long latestOfAll() {
        long earliest = latest.length == 0 ? UNREAD : Long.MAX_VALUE;
        for (long timestamp : latest) {
            earliest = Math.min(earliest, timestamp);
        }
        return Math.max(earliest, UNREAD + 1);
    }

    /** Every record with a timestamp up to this has been read. */
    long readUpTo() {
        return readUpTo;
    }

    /** When the feed was last seen to have been read to its end, by the clock. */
    long caughtUpAt() {
        return caughtUpAt;
    }

    private void makeRoom(int partition) {
        if (partition >= next.length) {
            int known = next.length;
            next = Arrays.copyOf(next, partition + 1);
            latest = Arrays.copyOf(latest, partition + 1);
            Arrays.fill(latest, known, latest.length, UNREAD);
        }
    }
}
