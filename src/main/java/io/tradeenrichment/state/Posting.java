package io.tradeenrichment.state;

import io.tradeenrichment.model.Account;

/** What one subtask has on an account, in trades. */
public record Posting(Account account, long trades) {}
