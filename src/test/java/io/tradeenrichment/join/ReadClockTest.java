package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.Trade;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadClockTest {
    private static final long START = 1_000_000;
    private static final long TIMEOUT = JoinHarness.WAIT.toMillis();

    private final ReadClock clock = new ReadClock(START, JoinHarness.job(JoinHarness.WAITING));

    @Test
    void theWaitClockRunsWhileBothDimensionsAreReadToTheirEnds() {
        caughtUpUntil(START + TIMEOUT - 1);
        assertThat(clock.status(parkedAt(START), START + TIMEOUT)).isEqualTo(WaitStatus.WAITING);
        caughtUpUntil(START + TIMEOUT);
        assertThat(clock.waitTime(START + TIMEOUT)).isEqualTo(START + TIMEOUT);
        assertThat(clock.status(parkedAt(START), START + TIMEOUT)).isEqualTo(WaitStatus.TIMED_OUT);
        assertThat(clock.status(parkedAt(START + 1), START + TIMEOUT)).isEqualTo(WaitStatus.WAITING);
    }

    @Test
    void aGapCountsAsOneSecond() {
        caughtUp(START);
        caughtUp(START + 10 * TIMEOUT);
        assertThat(clock.waitTime(START + 10 * TIMEOUT)).isEqualTo(START + ReadClock.LONGEST_GAP_MILLIS);
    }

    @Test
    void theWaitClockStopsIfOneDimensionIsNotReadToItsEnd() {
        caughtUp(START);
        for (long time = START; time <= START + 2 * TIMEOUT; time += 1_000) {
            clock.advance(new ReadProgress(Dimension.USER, ReadProgress.NEVER, time), time);
        }
        assertThat(clock.waitTime(START + 2 * TIMEOUT)).isEqualTo(START);
    }

    @Test
    void theWaitClockRunsFreelyAfterTheEndOfTheDimensions() {
        clock.end(START + 5_000);
        assertThat(clock.waitTime(START + 8_000)).isEqualTo(START + 3_000);
        assertThat(clock.readUpTo()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTradeOfAnEarlierAttemptWaitsForTheFullTimeoutAgain() {
        caughtUp(START);
        assertThat(clock.status(parkedAt(0), START)).isEqualTo(WaitStatus.WAITING);
        assertThat(clock.nextEvaluation(parkedAt(0), START)).isEqualTo(START + TIMEOUT);
    }

    @Test
    void delaysAnEvaluationLongerWhileTheWaitClockIsStopped() {
        caughtUpUntil(START + TIMEOUT);
        long now = START + TIMEOUT;
        assertThat(clock.nextEvaluation(parkedAt(START), now)).isEqualTo(now + 100);
        now += 10_000;
        assertThat(clock.nextEvaluation(parkedAt(START), now)).isEqualTo(now + 5_000);
    }

    @Test
    void aTradeRequiresTheDimensionsUpToItsTimePlusTheWait() {
        ReadClock asOf =
                new ReadClock(START, JoinHarness.job(JoinHarness.asOf(Duration.ofSeconds(3), MissingRow.WAIT)));
        assertThat(asOf.requiredMillis(trade(10_000_000, 20_000))).isEqualTo(13_000);
        assertThat(asOf.requiredMillis(trade(Long.MAX_VALUE, 10_000))).isEqualTo(13_000);
        assertThat(asOf.requiredMillis(trade(10_000_000, -1))).isEqualTo(13_000);
        assertThat(asOf.isReadUpTo(trade(10_000_000, 20_000))).isFalse();
        for (Dimension dimension : Dimension.BUNDLED) {
            asOf.advance(new ReadProgress(dimension, 13_000, ReadProgress.NEVER), START);
        }
        assertThat(asOf.isReadUpTo(trade(10_000_000, 20_000))).isTrue();
        assertThat(asOf.isReadUpTo(trade(10_001_000, 20_000))).isFalse();
        assertThat(clock.isReadUpTo(trade(10_000_000, 20_000)))
                .as("without join.as-of.wait")
                .isTrue();
    }

    private void caughtUpUntil(long end) {
        for (long time = START; time < end; time += ReadClock.LONGEST_GAP_MILLIS) {
            caughtUp(time);
        }
        caughtUp(end);
    }

    private void caughtUp(long time) {
        for (Dimension dimension : Dimension.BUNDLED) {
            clock.advance(new ReadProgress(dimension, ReadProgress.NEVER, time), time);
        }
    }

    private static ParkedTrade parkedAt(long since) {
        return new ParkedTrade(Samples.trade(1, 7, 3), since);
    }

    private static Trade trade(long tradeTime, long timestamp) {
        return Samples.trade(Samples.tradeRecord(1, 7, 3, tradeTime, timestamp));
    }
}
