package io.tradeenrichment.model;

/**
 * A record that cannot be enriched, on its way to the dead letters with its bytes untouched.
 *
 * @param message one sentence for people: what was found, and where
 */
public record Rejection(Received received, Reason reason, String message) {}
