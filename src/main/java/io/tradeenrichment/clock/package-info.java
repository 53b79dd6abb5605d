/** How far a feed has been read in its own time. */
@NullMarked
package io.tradeenrichment.clock;

import org.jspecify.annotations.NullMarked;
