/**
 * Decodes source records into values. Bad input becomes a {@link io.tradeenrichment.model.RejectedRecord} on the side
 * output and throws nothing.
 */
@NullMarked
package io.tradeenrichment.decode;

import org.jspecify.annotations.NullMarked;
