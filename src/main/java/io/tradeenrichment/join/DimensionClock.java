package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.state.RowBucket;
import java.time.Duration;
import java.util.stream.LongStream;

/**
 * A dimension's own time: that of the latest record that was read, and never a clock's. What is forgotten goes by it, so
 * that every subtask forgets the same at the same record, also when old topics are read again.
 *
 * <p>In steps of a part of the shortest time that anything is kept, since forgetting looks at every row.
 */
final class DimensionClock {
    private static final int STEPS = 8;
    private static final long MICROS_PER_MILLI = 1000;
    /** No millisecond after it has a number in microseconds. */
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

    /** When the latest record was written, milliseconds since 1970; the beginning of time if none was read. */
    long latest() {
        return latest;
    }

    /** A record was read. True if it begins a new step, so that it is time to forget. */
    boolean advance(long written) {
        long time = Math.min(written, LAST);
        if (time <= latest) {
            return false;
        }
        boolean steps = Math.floorDiv(time, step) > Math.floorDiv(latest, step);
        latest = time;
        return steps;
    }

    /** What is to be forgotten at the present step. */
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
