package io.tradeenrichment.state;

/**
 * Which places of a key's queue are taken: from {@code head} to before {@code next}. Never empty: a key without parked
 * trades has no span.
 */
public record QueueBounds(long head, long next) {}
