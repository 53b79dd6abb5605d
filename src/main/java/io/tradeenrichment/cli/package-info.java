/** The main of the commands beside the job. Only {@code preflight} is part of the jar for a cluster. */
@NullMarked
package io.tradeenrichment.cli;

import org.jspecify.annotations.NullMarked;
