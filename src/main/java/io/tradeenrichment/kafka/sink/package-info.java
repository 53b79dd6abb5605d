/** From the job to Kafka: enriched trades and dead letters, and the guard that finds a lost transaction. */
@NullMarked
package io.tradeenrichment.kafka.sink;

import org.jspecify.annotations.NullMarked;
