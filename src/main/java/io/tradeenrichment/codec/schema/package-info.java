/** The job's own schemas, the schemas of the writers, and the framing that identifies a record's schema. */
@NullMarked
package io.tradeenrichment.codec.schema;

import org.jspecify.annotations.NullMarked;
