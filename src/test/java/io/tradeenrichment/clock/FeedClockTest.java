package io.tradeenrichment.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class FeedClockTest {
    private static final long START = 1_000_000;
    private static final long IDLE = 2_000;
    private static final long PERIOD = 200;

    private final ManualClock clock = new ManualClock(Duration.ofMillis(START).toNanos());
    private final FeedClock.Partition partition = new FeedClock.Partition(IDLE, clock);
    private final Latest latest = new Latest();

    @Test
    void saysNothingBeforeAnythingIsKnown() {
        ask();
        assertThat(latest.time).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void whatWasWrittenBeforeTheLatestRecordHasBeenRead() {
        read(500_000);
        read(400_000);
        ask();
        assertThat(latest.time).isEqualTo(499_999);
    }

    @Test
    void aQuietPartitionCountsAsReadUpToAWhileAgo() {
        read(500_000);
        askFor(IDLE - PERIOD);
        assertThat(latest.time).isEqualTo(499_999);
        ask();
        assertThat(latest.time).isEqualTo(START + IDLE - IDLE - 1);
        ask();
        assertThat(latest.time).isEqualTo(START + PERIOD - 1);
    }

    @Test
    void aRecordEndsTheQuiet() {
        askFor(IDLE - PERIOD);
        read(500_000);
        askFor(IDLE - PERIOD);
        assertThat(latest.time).isEqualTo(499_999);
    }

    /** It was held up by what comes after it: that it brought nothing says nothing about its partition. */
    @Test
    void aReaderThatCouldNotHandOnIsNotTakenForQuiet() {
        read(500_000);
        ask();
        clock.advanceTime(Duration.ofMinutes(10));
        partition.onPeriodicEmit(latest);
        assertThat(latest.time).isEqualTo(499_999);
    }

    @Test
    void nothingIsReadBeforeItIsWritten() {
        read(START + 1_000_000);
        ask();
        assertThat(latest.time).isEqualTo(START + PERIOD - 1);
    }

    private void read(long time) {
        partition.onEvent(Samples.userRecord(1, 1, "u"), time, latest);
    }

    private void askFor(long millis) {
        for (long passed = 0; passed < millis; passed += PERIOD) {
            ask();
        }
    }

    private void ask() {
        clock.advanceTime(Duration.ofMillis(PERIOD));
        partition.onPeriodicEmit(latest);
    }

    private static final class Latest implements WatermarkOutput {
        private long time = Long.MIN_VALUE;

        @Override
        public void emitWatermark(Watermark mark) {
            assertThat(mark.getTimestamp()).isGreaterThanOrEqualTo(time);
            time = mark.getTimestamp();
        }

        @Override
        public void markIdle() {
            throw new AssertionError("a quiet partition still says how far it has been read");
        }

        @Override
        public void markActive() {
            throw new AssertionError("never idle, never active again");
        }
    }
}
