/** Avro's binary encoding, read in place and written (Avro specification, "Binary encoding"). */
@NullMarked
package io.tradeenrichment.codec.binary;

import org.jspecify.annotations.NullMarked;
