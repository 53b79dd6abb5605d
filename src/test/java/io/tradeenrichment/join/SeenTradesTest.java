package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Account;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class SeenTradesTest {
    private static final int KEYS = 50;

    @Test
    void everyIdIsRememberedWhereverItStandsInItsPage() throws Exception {
        long[] ids = {0, 1, 63, 64, 127, -1, -64, -65, Long.MIN_VALUE, Long.MAX_VALUE};
        try (JoinHarness join = rowsOfOneInstrument()) {
            for (int time = 1; time <= 2; time++) {
                for (long id : ids) {
                    join.trade(id, 7, 3);
                }
            }
            assertThat(join.enriched()).hasSize(ids.length);
            assertThat(join.trades(Account.DUPLICATES)).isEqualTo(ids.length);
        }
    }

    /** Without it, a page of which one trade may be sent again would let its neighbours be sent again too. */
    @Test
    void anIdThatMayBeSentAgainLeavesItsNeighboursSeen() throws Exception {
        try (JoinHarness join = rowsOfOneInstrument()) {
            join.trade(1, 7, 3);
            join.trade(2, 7, 99);
            join.timeIs(JoinHarness.WAIT.toMillis());
            assertThat(join.rejected()).hasSize(1);
            join.trade(1, 7, 3);
            join.trade(2, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY", "2:u:SPY");
            assertThat(join.trades(Account.DUPLICATES)).isOne();
        }
    }

    /** Counted in bytes allocated, which do not depend on how busy the machine is. */
    @Test
    void aTradeCostsAsMuchAfterManyAsAfterFew() throws Exception {
        try (JoinHarness join = rowsOfOneInstrument()) {
            for (int instrument = 0; instrument < KEYS; instrument++) {
                join.stock(instrument, 1, "SPY");
            }
            long first = bytesOf(join, 0, 5_000);
            bytesOf(join, 5_000, 30_000);
            long later = bytesOf(join, 30_000, 35_000);
            assertThat(later).isLessThan(2 * first);
        }
    }

    private static long bytesOf(JoinHarness join, int from, int to) throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = from; i < to; i++) {
            // Ids far apart: a page each, as where many keys share the numbers.
            join.trade(i * 64L, i % KEYS, 3);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static JoinHarness rowsOfOneInstrument() throws Exception {
        JoinHarness join = JoinHarness.open(JoinHarness.WAITING);
        join.stock(7, 1, "SPY");
        join.user(3, 1, "u");
        return join;
    }
}
