/** The units of values: timestamps, dates and decimals, as Avro, Kafka Connect and Debezium annotate them. */
@NullMarked
package io.tradeenrichment.codec.unit;

import org.jspecify.annotations.NullMarked;
