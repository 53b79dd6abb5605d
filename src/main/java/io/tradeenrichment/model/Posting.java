package io.tradeenrichment.model;

/** What one subtask has on an account, in trades. */
public record Posting(Account account, long trades) {}
