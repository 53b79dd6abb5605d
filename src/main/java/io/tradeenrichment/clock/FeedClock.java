package io.tradeenrichment.clock;

import io.tradeenrichment.model.Received;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.Clock;
import org.apache.flink.util.clock.SystemClock;

/**
 * Tells how far a feed has been read in the time of its records: a watermark means that what was written before it has
 * been read. A partition from which nothing has come for a while counts as read up to that while ago, so that a quiet
 * topic holds nobody up.
 */
public final class FeedClock implements WatermarkStrategy<Received> {
    private final Duration idleAfter;

    /** @param idleAfter how long a partition must have brought nothing, to count as read up to then */
    public FeedClock(Duration idleAfter) {
        this.idleAfter = idleAfter;
    }

    @Override
    public WatermarkGenerator<Received> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new Partition(idleAfter.toMillis(), SystemClock.getInstance());
    }

    @Override
    public TimestampAssigner<Received> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (received, timestamp) -> received.timestamp();
    }

    /** Of one partition, in its reader's thread. */
    static final class Partition implements WatermarkGenerator<Received> {
        /**
         * A reader that cannot hand on what it has read is not asked for watermarks: so long a gap says nothing about the
         * partition, and is counted as this much.
         */
        private static final long LONGEST_GAP = 500;

        private final long idleAfter;
        private final Clock clock;
        private long latest = Long.MIN_VALUE;
        private long quiet;
        private long asked;

        Partition(long idleAfter, Clock clock) {
            this.idleAfter = idleAfter;
            this.clock = clock;
            this.asked = clock.absoluteTimeMillis();
        }

        @Override
        public void onEvent(Received received, long timestamp, WatermarkOutput output) {
            latest = Math.max(latest, timestamp);
            quiet = 0;
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            long now = clock.absoluteTimeMillis();
            quiet += Math.min(Math.max(0, now - asked), LONGEST_GAP);
            asked = now;
            if (quiet >= idleAfter) {
                latest = Math.max(latest, now - idleAfter);
            }
            // More may come of the same millisecond; and nothing has been read that has yet to be written.
            if (latest > Long.MIN_VALUE) {
                output.emitWatermark(new Watermark(Math.min(latest, now) - 1));
            }
        }
    }
}
