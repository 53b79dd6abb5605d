package io.tradeenrichment.config;

/** Where a value was given. */
record Place(String name, String prefix) {
    static final Place COMMAND_LINE = new Place("command line", "");

    static Place in(String source) {
        return new Place(source, source + ": ");
    }
}
