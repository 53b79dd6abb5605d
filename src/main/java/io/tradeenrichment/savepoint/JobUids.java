package io.tradeenrichment.savepoint;

import java.util.Set;

/**
 * The operators of the job that something is known of, by their uids.
 *
 * @param needed those that could not go on from where the job was without their state
 * @param rowFeeds those among them whose uids go by the generation of the load, without it
 */
public record JobUids(String join, String tradesDecoder, Set<String> needed, Set<String> rowFeeds) {}
