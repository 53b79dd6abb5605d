/** What a savepoint holds, and whether the job fits it: read from its files, without a cluster. */
@NullMarked
package io.tradeenrichment.savepoint;

import org.jspecify.annotations.NullMarked;
