/**
 * The settings engine: reads keys from the command line and a YAML file, checks their types, and names the key in every
 * error.
 */
@NullMarked
package io.tradeenrichment.settings;

import org.jspecify.annotations.NullMarked;
