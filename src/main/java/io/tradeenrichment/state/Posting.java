package io.tradeenrichment.state;

import io.tradeenrichment.model.Account;

/** The number of trades in an account on one subtask. */
public record Posting(Account account, long trades) {}
