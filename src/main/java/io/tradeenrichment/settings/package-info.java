/** The settings engine: reads keys from a YAML file and the command line, checks them, names the key in each error. */
@NullMarked
package io.tradeenrichment.settings;

import org.jspecify.annotations.NullMarked;
