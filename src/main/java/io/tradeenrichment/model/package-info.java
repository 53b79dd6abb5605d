/** The values between the operators. All are immutable. */
@NullMarked
package io.tradeenrichment.model;

import org.jspecify.annotations.NullMarked;
