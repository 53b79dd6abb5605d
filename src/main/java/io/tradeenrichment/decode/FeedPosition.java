package io.tradeenrichment.decode;

import io.tradeenrichment.model.FeedEnds.Ends;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.Received;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a reader has come in each partition of its feed, and what follows from that and from the feed's ends. */
final class FeedPosition {
    private static final long UNREAD = Long.MIN_VALUE;

    /** By partition: the next offset. 0 for a partition of which nothing has been read. */
    private long[] next = new long[0];
    /** By partition: the latest timestamp that was read, or {@link #UNREAD}. */
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
    void read(Received record) {
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
     */
    void endsAt(Ends newest) {
        if (hasReached(newest)) {
            caughtUpAt = newest.askedAt();
            ahead = null;
        } else if (ahead != null && hasReached(ahead)) {
            caughtUpAt = ahead.askedAt();
            ahead = newest;
        } else if (ahead == null) {
            ahead = newest;
        }
        readUpTo = Math.max(readUpTo, earliestUnread(newest) - 1);
    }

    private boolean hasReached(Ends ends) {
        for (Map.Entry<Integer, Long> end : ends.offsets().entrySet()) {
            if (!hasReached(end.getKey(), end.getValue())) {
                return false;
            }
        }
        return true;
    }

    private boolean hasReached(int partition, long end) {
        return end == 0 || (partition < next.length && next[partition] >= end);
    }

    /** The earliest timestamp that a record may have which is yet to be read: more may come of the latest millisecond. */
    private long earliestUnread(Ends newest) {
        long earliest = newest.askedAt();
        if (newest.timestamped()) {
            for (Map.Entry<Integer, Long> end : newest.offsets().entrySet()) {
                if (!hasReached(end.getKey(), end.getValue())) {
                    earliest = Math.min(earliest, latest(end.getKey()));
                }
            }
        } else {
            for (int partition = 0; partition < latest.length; partition++) {
                earliest = Math.min(earliest, latest[partition]);
            }
            earliest = latest.length == 0 ? UNREAD : earliest;
        }
        // Not below the beginning of time.
        return Math.max(earliest, UNREAD + 1);
    }

    private long latest(int partition) {
        return partition < latest.length ? latest[partition] : UNREAD;
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
