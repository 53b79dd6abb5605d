/**
 * Bytes in, bytes out: Avro's binary encoding read in place, spliced and framed. Knows nothing of Flink or Kafka.
 */
@NullMarked
package io.tradeenrichment.codec;

import org.jspecify.annotations.NullMarked;
