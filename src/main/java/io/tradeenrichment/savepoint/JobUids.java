package io.tradeenrichment.savepoint;

import java.util.Set;

/**
 * The uids of the operators that the checks know.
 *
 * @param stateful of the operators that cannot continue without their state
 * @param dimensionSources the uids of the dimension sources, without the load generation at their end
 */
public record JobUids(String join, String tradesDecoder, Set<String> stateful, Set<String> dimensionSources) {}
