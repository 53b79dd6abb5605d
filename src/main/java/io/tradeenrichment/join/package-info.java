/**
 * The join itself: trades keyed by instrument, rows in broadcast state, trades that wait in keyed state.
 */
@NullMarked
package io.tradeenrichment.join;

import org.jspecify.annotations.NullMarked;
