/** The checks of topics, transactions and checkpointing that run before the job is submitted. */
@NullMarked
package io.tradeenrichment.kafka.check;

import org.jspecify.annotations.NullMarked;
