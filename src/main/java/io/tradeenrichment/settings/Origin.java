package io.tradeenrichment.settings;

/** Where a value was given. */
record Origin(String name, String prefix) {
    static final Origin COMMAND_LINE = new Origin("command line", "");

    static Origin in(String source) {
        return new Origin(source, source + ": ");
    }
}
