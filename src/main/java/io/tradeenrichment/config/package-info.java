/** The job's settings: every key, and the one checked record that the job reads. */
@NullMarked
package io.tradeenrichment.config;

import org.jspecify.annotations.NullMarked;
