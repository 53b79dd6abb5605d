/**
 * Commands for people between Kafka's topics: one produces a generated market, one shows what the job has written.
 */
@NullMarked
package io.tradeenrichment.tools;

import org.jspecify.annotations.NullMarked;
