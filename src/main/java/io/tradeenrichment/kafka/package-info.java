/**
 * The job's ends on Kafka: feeds in, enriched trades and dead letters out, the rows that stand at start, and the checks
 * that are made before the job is submitted.
 */
@NullMarked
package io.tradeenrichment.kafka;

import org.jspecify.annotations.NullMarked;
