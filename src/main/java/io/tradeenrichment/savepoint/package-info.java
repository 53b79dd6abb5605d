/** Reads a savepoint without a cluster, and checks whether the job can be restored from it. */
@NullMarked
package io.tradeenrichment.savepoint;

import org.jspecify.annotations.NullMarked;
