/** The schemas that the job reads and writes: which field is the id, which columns join the output. */
@NullMarked
package io.tradeenrichment.codec.layout;

import org.jspecify.annotations.NullMarked;
