/**
 * Every key a user can set, and the one checked record that the job reads.
 */
@NullMarked
package io.tradeenrichment.config;

import org.jspecify.annotations.NullMarked;
