/** The commands {@code generate} and {@code tail}: one writes a generated market to Kafka, one prints what the job wrote. */
@NullMarked
package io.tradeenrichment.cli.tools;

import org.jspecify.annotations.NullMarked;
