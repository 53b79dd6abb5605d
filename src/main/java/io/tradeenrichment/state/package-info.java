/** The structures that the join keeps in state: row buckets, pages of trade ids, queue bounds. */
@NullMarked
package io.tradeenrichment.state;

import org.jspecify.annotations.NullMarked;
