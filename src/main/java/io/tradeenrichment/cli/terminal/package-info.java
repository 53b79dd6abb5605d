/** What the commands share of a terminal: the status line and Ctrl-C. */
@NullMarked
package io.tradeenrichment.cli.terminal;

import org.jspecify.annotations.NullMarked;
