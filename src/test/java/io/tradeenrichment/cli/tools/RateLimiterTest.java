package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000;
    private final AtomicLong clock = new AtomicLong(-7 * SECOND);

    @Test
    void aRecordIsDueAtEachIntervalAndNotBefore() {
        RateLimiter pace = new RateLimiter(4, clock::get);
        for (int taken = 0; taken < 10; taken++) {
            assertThat(pace.untilNext()).isZero();
            pace.advance();
            assertThat(pace.untilNext()).isEqualTo(SECOND / 4);
            clock.addAndGet(SECOND / 4 - 1);
            assertThat(pace.untilNext()).isEqualTo(1);
            clock.addAndGet(1);
        }
    }

    @Test
    void keepsARateWhoseIntervalIsNotAWholeNumber() {
        assertThat(takenWithin(10 * SECOND, 1_000_003, 333)).isBetween(3_330L, 3_331L);
    }

    @Test
    void catchesUpAfterAShortDelay() {
        // The last call is at 9.96 s.
        assertThat(takenWithin(10 * SECOND, 40_000_000, 1_000)).isBetween(9_960L, 9_961L);
    }

    @Test
    void sendsNoBurstAfterALongDelay() {
        RateLimiter pace = new RateLimiter(1_000, clock::get);
        clock.addAndGet(60 * SECOND);
        int atOnce = 0;
        while (pace.untilNext() <= 0) {
            pace.advance();
            atOnce++;
        }
        assertThat(atOnce).isBetween(50, 51);
    }

    @Test
    void withoutARateEveryRecordIsDueAtOnce() {
        RateLimiter pace = new RateLimiter(0, clock::get);
        for (int taken = 0; taken < 1_000; taken++) {
            assertThat(pace.untilNext()).isZero();
            pace.advance();
        }
    }

    private long takenWithin(long nanos, long step, long perSecond) {
        RateLimiter pace = new RateLimiter(perSecond, clock::get);
        long taken = 0;
        for (long at = 0; at < nanos; at += step) {
            while (pace.untilNext() <= 0) {
                pace.advance();
                taken++;
            }
            clock.addAndGet(step);
        }
        return taken;
    }
}
