package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.Trade;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the dimensions have been read, and the clock that limits the wait of a parked trade.
 *
 * <p>A wait must not end while the row is unread in its topic because a broker is down or a source is slow. So the wait
 * clock runs only while every dimension is read up to its end. It starts at the start time of the attempt, which is
 * later than any of its times in earlier attempts: a restored trade waits for the full timeout again.
 *
 * <p>All times are milliseconds since 1970; {@code now} is processing time.
 */
final class ReadClock {
    /**
     * The longest time between two observations of the feeds' ends that counts as read throughout. A longer time counts
     * as this much.
     */
    static final long LONGEST_GAP_MILLIS = 1_000;

    private static final long MICROS_PER_MILLI = 1000;
    /** The minimum delay of a re-evaluation: the wait clock may be slightly behind. */
    private static final long MIN_DELAY_MILLIS = 100;
    /** The minimum delay while the wait clock is stopped, when many queues may be due. */
    private static final long STOPPED_DELAY_MILLIS = 5_000;

    private final Map<Dimension, ReadProgress> progress = new HashMap<>();
    private final long startedAt;
    private final long waitTimeout;
    private final long asOfWait;
    private long waited;
    private long advancedAt;
    private long caughtUpAt = ReadProgress.NEVER;
    private long readUpTo = ReadProgress.NEVER;
    private @Nullable Long endedAt;

    /** @param startedAt the start of this attempt, in processing time */
    ReadClock(long startedAt, JobConfig job) {
        JobConfig.Join config = job.join();
        this.startedAt = startedAt;
        this.waitTimeout = config.waitTimeout().toMillis();
        this.asOfWait = config.asOfWait().toMillis();
        this.advancedAt = startedAt;
        for (Dimension dimension : job.dimensionList()) {
            progress.put(dimension, new ReadProgress(dimension, ReadProgress.NEVER, ReadProgress.NEVER));
        }
    }

    /** Records that a dimension has been read further. */
    void advance(ReadProgress further, long now) {
        progress.put(further.dimension(), further);
        long reached = Long.MAX_VALUE;
        long caughtUp = Long.MAX_VALUE;
        for (ReadProgress each : progress.values()) {
            reached = Math.min(reached, each.readUpTo());
            caughtUp = Math.min(caughtUp, each.caughtUpAt());
        }
        readUpTo = Math.max(readUpTo, reached);
        if (caughtUp > caughtUpAt) {
            waited += caughtUpAt == ReadProgress.NEVER ? 0 : Math.min(caughtUp - caughtUpAt, LONGEST_GAP_MILLIS);
            caughtUpAt = caughtUp;
            advancedAt = now;
        }
    }

    /** Records that the input of the dimensions has ended: no further row arrives, and the wait clock runs freely. */
    void end(long now) {
        readUpTo = Long.MAX_VALUE;
        endedAt = now;
    }

    /** All dimension records with a timestamp up to this have been read. */
    long readUpTo() {
        return readUpTo;
    }

    /** The time of the wait clock. */
    long waitTime(long now) {
        return startedAt + waited + (endedAt == null ? 0 : now - endedAt);
    }

    /** Whether the dimensions have been read as far as the trade requires. */
    boolean isReadUpTo(Trade trade) {
        return asOfWait == 0 || readUpTo >= requiredMillis(trade);
    }

    /**
     * How far the dimensions must be read before the trade is joined. A trade precedes its record, so the record
     * timestamp limits it: a trade time in the future must not block the queue until then.
     */
    long requiredMillis(Trade trade) {
        long tradeMillis = Math.floorDiv(trade.tradeTime(), MICROS_PER_MILLI);
        long timestamp = trade.source().timestamp();
        return (timestamp < 0 ? tradeMillis : Math.min(tradeMillis, timestamp)) + asOfWait;
    }

    /** Whether a parked trade may wait longer for a row. */
    WaitStatus status(ParkedTrade parked, long now) {
        return waitTime(now) < endOfWait(parked) ? WaitStatus.WAITING : WaitStatus.TIMED_OUT;
    }

    /** The earliest processing time at which the wait of a parked trade can be over. */
    long nextEvaluation(ParkedTrade parked, long now) {
        long left = endOfWait(parked) - waitTime(now);
        return now + Math.max(left, isRunning(now) ? MIN_DELAY_MILLIS : STOPPED_DELAY_MILLIS);
    }

    /** A trade from an earlier attempt waits for the full timeout again. */
    private long endOfWait(ParkedTrade parked) {
        return Math.max(parked.since(), startedAt) + waitTimeout;
    }

    /** Whether the wait clock runs: it stops while a dimension is not read up to its end. */
    private boolean isRunning(long now) {
        return endedAt != null || now - advancedAt <= 2 * LONGEST_GAP_MILLIS;
    }
}
