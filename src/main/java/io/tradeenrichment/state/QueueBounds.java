package io.tradeenrichment.state;

/**
 * The used positions of a key's queue: from {@code head} to before {@code next}. Never empty: a key without parked
 * trades has no bounds.
 */
public record QueueBounds(long head, long next) {}
