/** The hall: the job's main, its picture, and the names its savepoints know it by. */
@NullMarked
package io.tradeenrichment;

import org.jspecify.annotations.NullMarked;
