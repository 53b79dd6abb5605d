/**
 * The schema registry for confluent framing: checks and registration at start, and lookups of writer schemas while the
 * job runs.
 */
@NullMarked
package io.tradeenrichment.registry;

import org.jspecify.annotations.NullMarked;
