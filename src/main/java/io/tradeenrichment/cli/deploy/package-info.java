/** The commands that deploy the job on a Flink session cluster. Each deployment is kept in a record on this machine. */
@NullMarked
package io.tradeenrichment.cli.deploy;

import org.jspecify.annotations.NullMarked;
