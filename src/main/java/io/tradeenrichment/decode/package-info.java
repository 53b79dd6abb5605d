/**
 * Received bytes become a value, or a {@link io.tradeenrichment.model.RejectedRecord} on the side output; nothing here throws for bad input.
 */
@NullMarked
package io.tradeenrichment.decode;

import org.jspecify.annotations.NullMarked;
