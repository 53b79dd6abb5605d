package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.state.RowBucket;
import java.time.Duration;
import java.util.stream.LongStream;

/**
 * The time of a dimension: the latest record timestamp that was read. Rows expire by it and not by processing time, so
 * that every subtask removes the same rows at the same record, also when old topics are read again.
 *
 * <p>Expiry visits every row, so it runs once per step. A step is a fraction of the shortest retention.
 */
final class DimensionClock {
    private static final int STEPS = 8;
    private static final long MICROS_PER_MILLI = 1000;
    /** The last millisecond whose microseconds fit a long. */
    private static final long LAST = Long.MAX_VALUE / MICROS_PER_MILLI;

    private final JobConfig.Dimensions config;
    private final long step;
    private long latest = Long.MIN_VALUE;

    DimensionClock(JobConfig.Dimensions config) {
        this.config = config;
        long shortest = LongStream.of(
                        config.tombstoneRetention().toMillis(),
                        config.ttl().toMillis(),
                        config.versions() > 1 ? config.history().toMillis() : 0)
                .filter(millis -> millis > 0)
                .min()
                .orElse(STEPS);
        step = Math.max(1, shortest / STEPS);
    }

    /** The latest record timestamp, milliseconds since 1970; {@link Long#MIN_VALUE} if no record was read. */
    long latest() {
        return latest;
    }

    /** Advances to a record timestamp. True if a new step begins, so that rows must expire. */
    boolean advance(long timestamp) {
        long time = Math.min(timestamp, LAST);
        if (time <= latest) {
            return false;
        }
        boolean newStep = Math.floorDiv(time, step) > Math.floorDiv(latest, step);
        latest = time;
        return newStep;
    }

    /** The horizons of the current step. */
    RowBucket.Horizons horizons() {
        if (latest == Long.MIN_VALUE) {
            return new RowBucket.Horizons(latest, latest, latest);
        }
        long now = Math.floorDiv(latest, step) * step;
        return new RowBucket.Horizons(
                (now - config.history().toMillis()) * MICROS_PER_MILLI,
                (now - config.tombstoneRetention().toMillis()) * MICROS_PER_MILLI,
                config.ttl().equals(Duration.ZERO)
                        ? Long.MIN_VALUE
                        : now - config.ttl().toMillis());
    }
}
