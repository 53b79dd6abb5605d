package io.tradeenrichment.settings;

/**
 * Where the user set a value.
 *
 * @param name for listings
 * @param prefix for error messages; empty for the command line
 */
record Origin(String name, String prefix) {
    static final Origin COMMAND_LINE = new Origin("command line", "");

    static Origin in(String source) {
        return new Origin(source, source + ": ");
    }
}
