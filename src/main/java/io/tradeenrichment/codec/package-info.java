/**
 * Reads trades and dimension rows from their Avro encoding and writes enriched trades. The sub-packages are the parts:
 * the binary encoding, the schemas of the writers, units, schema resolution and keys. Independent of Flink and Kafka.
 */
@NullMarked
package io.tradeenrichment.codec;

import org.jspecify.annotations.NullMarked;
