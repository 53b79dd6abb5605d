package io.tradeenrichment.model;

/** The three inputs of the job. The code is part of serialized layouts and never changes. */
public enum Feed {
    TRADES(1, "trades"),
    INSTRUMENTS(2, "instruments"),
    USERS(3, "users");

    private final byte code;
    private final String title;

    Feed(int code, String title) {
        this.code = (byte) code;
        this.title = title;
    }

    public byte code() {
        return code;
    }

    /** Lower-case name in messages, and the default name of the topic. */
    public String title() {
        return title;
    }

    /** @throws IllegalArgumentException if no feed has this code, which only corrupt state can cause */
    public static Feed ofCode(byte code) {
        return switch (code) {
            case 1 -> TRADES;
            case 2 -> INSTRUMENTS;
            case 3 -> USERS;
            default -> throw new IllegalArgumentException("no feed has the code " + code);
        };
    }
}
