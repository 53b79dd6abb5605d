/**
 * What travels between the operators. Plain Java values that never change once they are made.
 */
@NullMarked
package io.tradeenrichment.model;

import org.jspecify.annotations.NullMarked;
