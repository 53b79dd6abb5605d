/**
 * How Flink ships and stores the model: type information, and serializers with documented, versioned layouts.
 */
@NullMarked
package io.tradeenrichment.types;

import org.jspecify.annotations.NullMarked;
