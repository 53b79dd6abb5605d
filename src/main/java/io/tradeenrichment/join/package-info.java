/** The join: trades by their key, rows in broadcast state, parked trades and seen trade ids in keyed state. */
@NullMarked
package io.tradeenrichment.join;

import org.jspecify.annotations.NullMarked;
