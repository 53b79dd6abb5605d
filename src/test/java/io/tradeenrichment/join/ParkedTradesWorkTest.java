package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Account;
import org.junit.jupiter.api.Test;

/**
 * How often parked trades are looked at while their rows arrive. Flink's own door from a row to the keys that wait,
 * {@code applyToKeyedState}, would make it N × N here.
 */
class ParkedTradesWorkTest {
    private static final int N = 2_000;

    @Test
    void aTradeOfEachKeyIsLookedAtOnceWhenItsUserArrives() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            for (int i = 0; i < N; i++) {
                join.stock(i, 1, "S" + i);
                join.trade(i, i, i);
            }
            for (int i = 0; i < N; i++) {
                join.user(i, 1, "u" + i);
            }
            assertThat(join.enriched()).hasSize(N);
            assertThat(join.looks()).isEqualTo(N);
        }
    }

    @Test
    void aTradeThatLacksBothRowsIsLookedAtOnceForEach() throws Exception {
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
            assertThat(join.looks()).isEqualTo(2 * N);
        }
    }

    @Test
    void oneUserThatManyKeysWaitForCostsOneLookPerKey() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            for (int i = 0; i < N; i++) {
                join.stock(i, 1, "S" + i);
                join.trade(i, i, 3);
            }
            for (int i = 0; i < N; i++) {
                join.user(1_000 + i, 1, "somebody else");
            }
            assertThat(join.looks()).isZero();
            join.user(3, 1, "u");
            assertThat(join.enriched()).hasSize(N);
            assertThat(join.looks()).isEqualTo(N);
        }
    }

    /** Each user lets the first trade go, and the next is seen to wait for the next user. */
    @Test
    void aQueueWhoseUsersArriveInItsOrderIsLookedAtTwicePerTrade() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            parkOneQueue(join);
            for (int i = 0; i < N; i++) {
                join.user(i, 1, "u" + i);
                assertThat(join.trades(Account.PARKED)).isEqualTo(N - 1 - i);
            }
            assertThat(join.looks()).isEqualTo(2 * N - 1);
        }
    }

    /** The first trade holds the others up, so only its own user is worth a look; then all leave at once. */
    @Test
    void aQueueWhoseUsersArriveInReverseIsLookedAtOncePerTrade() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            parkOneQueue(join);
            for (int i = N - 1; i > 0; i--) {
                join.user(i, 1, "u" + i);
            }
            assertThat(join.looks()).isZero();
            assertThat(join.enriched()).isEmpty();
            join.user(0, 1, "u0");
            assertThat(join.looks()).isEqualTo(N);
            assertThat(join.enriched()).hasSize(N).startsWith("0:u0:SPY", "1:u1:SPY");
        }
    }

    /** A wait that ends takes the trades with it whose wait has ended too, and looks once at the one after them. */
    @Test
    void waitsThatEndOneByOneCostTwoLooksEach() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            for (int i = 0; i < N; i++) {
                join.timeIs(i);
                join.trade(i, 7, i);
            }
            join.timeIs(JoinHarness.WAIT.toMillis() + N);
            assertThat(join.rejected()).hasSize(N);
            assertThat(join.looks()).isLessThanOrEqualTo(2 * N);
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
