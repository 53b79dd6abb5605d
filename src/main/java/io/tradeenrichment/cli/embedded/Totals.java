package io.tradeenrichment.cli.embedded;

import io.tradeenrichment.model.Account;
import java.util.EnumMap;
import java.util.Map;

/** The control totals of a run, summed over all subtasks. */
record Totals(Map<Account, Long> trades) {

    /** @param accumulators of a job, as its client gives them; an account that is not among them is still empty */
    static Totals of(Map<String, ?> accumulators) {
        Map<Account, Long> trades = new EnumMap<>(Account.class);
        for (Account account : Account.values()) {
            trades.put(account, accumulators.get(account.title()) instanceof Long sum ? sum : 0L);
        }
        return new Totals(trades);
    }

    long of(Account account) {
        return trades.getOrDefault(account, 0L);
    }

    /** Trades that came in and stand in no account. Zero when nothing is on its way between two operators. */
    long unaccounted() {
        return Account.residual(this::of);
    }
}
