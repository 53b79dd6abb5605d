/**
 * The schema registry behind confluent framing: asked at start for the job's own schemas, and while the job runs for those
 * that records name.
 */
@NullMarked
package io.tradeenrichment.registry;

import org.jspecify.annotations.NullMarked;
