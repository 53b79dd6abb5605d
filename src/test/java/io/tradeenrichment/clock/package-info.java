@NullMarked
package io.tradeenrichment.clock;

import org.jspecify.annotations.NullMarked;
