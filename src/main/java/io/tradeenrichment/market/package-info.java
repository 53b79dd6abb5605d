/**
 * A generated market: instruments, users and trades as records, each a function of a seed and its index.
 */
@NullMarked
package io.tradeenrichment.market;

import org.jspecify.annotations.NullMarked;
