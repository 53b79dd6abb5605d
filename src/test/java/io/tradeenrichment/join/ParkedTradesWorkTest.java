package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Account;
import org.junit.jupiter.api.Test;

/**
 * How often parked trades are re-evaluated while their rows arrive. With Flink's {@code applyToKeyedState} it would be
 * N × N times.
 */
class ParkedTradesWorkTest {
    private static final int N = 2_000;

    @Test
    void evaluatesATradeOnceWhenItsUserArrives() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            for (int i = 0; i < N; i++) {
                join.stock(i, 1, "S" + i);
                join.trade(i, i, i);
            }
            for (int i = 0; i < N; i++) {
                join.user(i, 1, "u" + i);
            }
            assertThat(join.enriched()).hasSize(N);
            assertThat(join.evaluations()).isEqualTo(N);
        }
    }

    @Test
    void evaluatesATradeOnceForEachMissingRow() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            for (int i = 0; i < N; i++) {
                join.trade(i, i, i);
            }
            for (int i = 0; i < N; i++) {
                join.stock(i, 1, "S" + i);
            }
            for (int i = 0; i < N; i++) {
                join.user(i, 1, "u" + i);
            }
            assertThat(join.enriched()).hasSize(N);
            assertThat(join.evaluations()).isEqualTo(2 * N);
        }
    }

    @Test
    void evaluatesEachKeyOnceWhenTheirCommonUserArrives() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            for (int i = 0; i < N; i++) {
                join.stock(i, 1, "S" + i);
                join.trade(i, i, 3);
            }
            for (int i = 0; i < N; i++) {
                join.user(1_000 + i, 1, "another user");
            }
            assertThat(join.evaluations()).isZero();
            join.user(3, 1, "u");
            assertThat(join.enriched()).hasSize(N);
            assertThat(join.evaluations()).isEqualTo(N);
        }
    }

    /** Each user releases the first trade. The next trade is evaluated, and waits for the next user. */
    @Test
    void evaluatesATradeTwiceIfUsersArriveInTheOrderOfTheQueue() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            parkOneQueue(join);
            for (int i = 0; i < N; i++) {
                join.user(i, 1, "u" + i);
                assertThat(join.trades(Account.PARKED)).isEqualTo(N - 1 - i);
            }
            assertThat(join.evaluations()).isEqualTo(2 * N - 1);
        }
    }

    /** The first trade blocks the others, so only its own user causes an evaluation. Then all trades leave. */
    @Test
    void evaluatesATradeOnceIfUsersArriveInReverseOrder() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            parkOneQueue(join);
            for (int i = N - 1; i > 0; i--) {
                join.user(i, 1, "u" + i);
            }
            assertThat(join.evaluations()).isZero();
            assertThat(join.enriched()).isEmpty();
            join.user(0, 1, "u0");
            assertThat(join.evaluations()).isEqualTo(N);
            assertThat(join.enriched()).hasSize(N).startsWith("0:u0:SPY", "1:u1:SPY");
        }
    }

    /** When a wait ends, all trades whose wait has ended leave, and the next trade is evaluated once. */
    @Test
    void evaluatesATradeAtMostTwiceIfWaitsEndOneByOne() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            for (int i = 0; i < N; i++) {
                join.advanceTo(i);
                join.trade(i, 7, i);
            }
            join.advanceTo(JoinHarness.WAIT.toMillis() + N);
            assertThat(join.rejected()).hasSize(N);
            assertThat(join.evaluations()).isLessThanOrEqualTo(2 * N);
            assertThat(join.timers()).isZero();
        }
    }

    private static void parkOneQueue(JoinHarness join) throws Exception {
        join.stock(7, 1, "SPY");
        for (int i = 0; i < N; i++) {
            join.trade(i, 7, i);
        }
    }
}
