package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.ReadProgress;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the dimensions have been read, and the clock by which trades wait for rows.
 *
 * <p>A wait must not end because a broker is down or a source is held up while the row lies unread in its topic. So the
 * clock of waits runs only while every dimension is read up to its end. It begins at the time of the attempt's start,
 * which is later than all that it showed in attempts before: what was parked then waits anew.
 */
final class ReadClock {
    /**
     * The longest time between two sightings of the feeds' ends that counts as read all along. A longer one counts as
     * this much.
     */
    static final long LONGEST_GAP_MILLIS = 1_000;

    private final Map<Dimension, ReadProgress> progress = new EnumMap<>(Dimension.class);
    private final long began;
    private long waited;
    private long advancedAt;
    private long caughtUpAt = ReadProgress.NEVER;
    private long readUpTo = ReadProgress.NEVER;
    private @Nullable Long endedAt;

    /** @param began when this attempt began, processing time in milliseconds since 1970 */
    ReadClock(long began) {
        this.began = began;
        this.advancedAt = began;
        for (Dimension dimension : Dimension.values()) {
            progress.put(dimension, new ReadProgress(dimension, ReadProgress.NEVER, ReadProgress.NEVER));
        }
    }

    /**
     * A dimension has been read further.
     *
     * @param now processing time, milliseconds since 1970
     */
    void advance(ReadProgress further, long now) {
        progress.put(further.dimension(), further);
        long reached = Long.MAX_VALUE;
        long caughtUp = Long.MAX_VALUE;
        for (ReadProgress of : progress.values()) {
            reached = Math.min(reached, of.readUpTo());
            caughtUp = Math.min(caughtUp, of.caughtUpAt());
        }
        readUpTo = Math.max(readUpTo, reached);
        if (caughtUp > caughtUpAt) {
            waited += caughtUpAt == ReadProgress.NEVER ? 0 : Math.min(caughtUp - caughtUpAt, LONGEST_GAP_MILLIS);
            caughtUpAt = caughtUp;
            advancedAt = now;
        }
    }

    /**
     * The dimensions' input has ended: no row can come any more, and the clock of waits runs freely.
     *
     * @param now processing time, milliseconds since 1970
     */
    void end(long now) {
        readUpTo = Long.MAX_VALUE;
        endedAt = now;
    }

    /** Every record of the dimensions with a timestamp up to this has been read; milliseconds since 1970. */
    long readUpTo() {
        return readUpTo;
    }

    /**
     * The time by which waits are measured.
     *
     * @param now processing time, milliseconds since 1970
     */
    long waitTime(long now) {
        return began + waited + (endedAt == null ? 0 : now - endedAt);
    }

    /** Whether the clock of waits runs: it stands while a dimension is not read up to its end. */
    boolean isRunning(long now) {
        return endedAt != null || now - advancedAt <= 2 * LONGEST_GAP_MILLIS;
    }

    /** When what was parked at a time of this clock has waited for so long; what was parked in an earlier attempt waits anew. */
    long endOfWait(long since, long millis) {
        return Math.max(since, began) + millis;
    }
}
