/**
 * How Flink ships and stores the model: type information, and serializers whose layouts are written down and versioned.
 */
@NullMarked
package io.tradeenrichment.types;

import org.jspecify.annotations.NullMarked;
