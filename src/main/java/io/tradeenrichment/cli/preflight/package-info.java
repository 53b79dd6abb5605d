/** The command {@code preflight}: checks a savepoint against the job that would be restored from it. */
@NullMarked
package io.tradeenrichment.cli.preflight;

import org.jspecify.annotations.NullMarked;
