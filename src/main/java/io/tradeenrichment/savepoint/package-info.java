/** What a savepoint contains, and whether the job can be restored from it. Reads files only; needs no cluster. */
@NullMarked
package io.tradeenrichment.savepoint;

import org.jspecify.annotations.NullMarked;
