package io.tradeenrichment.cli.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.model.Account;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The control totals of a run, summed over all subtasks. */
record Totals(Map<Account, Long> trades) {

    /** @param accumulators of a job by name; an account that is missing is 0 */
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

    /** Trades in that no account has. Zero when no trade is in flight between two operators. */
    long unaccounted() {
        return Account.residual(this::of);
    }

    /** The last line of the run's output. */
    String json(double seconds, Path output) throws JsonProcessingException {
        Map<String, Object> line = new LinkedHashMap<>();
        for (Account account : Account.values()) {
            line.put(account.title(), of(account));
        }
        line.put("unaccounted", unaccounted());
        line.put("seconds", seconds);
        line.put("trades_per_second", Math.round(of(Account.TRADES_IN) / seconds));
        line.put("output", output.toString());
        return new ObjectMapper().writeValueAsString(line);
    }
}
