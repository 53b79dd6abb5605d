package io.tradeenrichment.model;

/**
 * The slowly changing streams that a trade is joined with. The code is part of serialized layouts and never changes.
 */
public enum Dimension {
    INSTRUMENT(1, Feed.INSTRUMENTS),
    USER(2, Feed.USERS);

    private final byte code;
    private final Feed feed;

    Dimension(int code, Feed feed) {
        this.code = (byte) code;
        this.feed = feed;
    }

    public byte code() {
        return code;
    }

    public Feed feed() {
        return feed;
    }

    /** Lower-case name in messages. */
    public String title() {
        return this == INSTRUMENT ? "instrument" : "user";
    }

    /** @throws IllegalArgumentException if no dimension has this code, which only corrupt state can cause */
    public static Dimension ofCode(byte code) {
        return switch (code) {
            case 1 -> INSTRUMENT;
            case 2 -> USER;
            default -> throw new IllegalArgumentException("no dimension has the code " + code);
        };
    }
}
