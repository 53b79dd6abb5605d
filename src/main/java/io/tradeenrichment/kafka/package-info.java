/** The job's connectors on Kafka, put together from sources, sinks and the checks before the start. */
@NullMarked
package io.tradeenrichment.kafka;

import org.jspecify.annotations.NullMarked;
