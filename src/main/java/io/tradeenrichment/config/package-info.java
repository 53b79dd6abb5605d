/** The settings of the job: their keys, and the checked record that the job reads. */
@NullMarked
package io.tradeenrichment.config;

import org.jspecify.annotations.NullMarked;
