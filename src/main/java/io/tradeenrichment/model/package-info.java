/** The values that travel between the operators. All are immutable. */
@NullMarked
package io.tradeenrichment.model;

import org.jspecify.annotations.NullMarked;
