/** A walk over a datum that is compiled once from its schema: checks every byte, and marks the values that are wanted. */
@NullMarked
package io.tradeenrichment.codec.walk;

import org.jspecify.annotations.NullMarked;
