/** The keys of the dimensions' records: big-endian, text or Avro. */
@NullMarked
package io.tradeenrichment.codec.key;

import org.jspecify.annotations.NullMarked;
