/** Schema resolution: reads a record of a writer's schema as a record of the job's, with exact unit conversion. */
@NullMarked
package io.tradeenrichment.codec.resolution;

import org.jspecify.annotations.NullMarked;
