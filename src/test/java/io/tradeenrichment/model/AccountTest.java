package io.tradeenrichment.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {
    @Test
    void theResidualIsZeroIfEveryTradeIsInOneAccount() {
        assertThat(residual(Map.of(
                        Account.TRADES_IN, 31L,
                        Account.ENRICHED, 1L,
                        Account.DUPLICATES, 2L,
                        Account.DEAD_LETTERED, 4L,
                        Account.DROPPED, 8L,
                        Account.PARKED, 16L)))
                .isZero();
    }

    @Test
    void theResidualIsTheNumberOfTradesInNoAccount() {
        assertThat(residual(Map.of(Account.TRADES_IN, 5L, Account.ENRICHED, 2L, Account.PARKED, 1L)))
                .isEqualTo(2);
        assertThat(residual(Map.of(Account.TRADES_IN, 5L, Account.DROPPED, 6L))).isEqualTo(-1);
    }

    private static long residual(Map<Account, Long> totals) {
        return Account.residual(account -> totals.getOrDefault(account, 0L));
    }
}
