/**
 * The job in one JVM: generated feeds in, Avro container files out, Flink's web UI beside it.
 */
@NullMarked
package io.tradeenrichment.embedded;

import org.jspecify.annotations.NullMarked;
