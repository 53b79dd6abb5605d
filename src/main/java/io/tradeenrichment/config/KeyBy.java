package io.tradeenrichment.config;

/** What decides the subtask that a trade goes to, and which trades keep their order. */
public enum KeyBy {
    /** Trades of one instrument leave in the order in which they came from their partition. */
    INSTRUMENT_ID("instrument_id", 1),
    /** Spreads an instrument that many trades name, and gives every order up. */
    TRADE_ID("trade_id", 2),
    /** Trades of one instrument and one user keep their order: a trade that waits holds up those only. */
    INSTRUMENT_AND_USER("instrument_and_user", 3);

    private final String title;
    private final byte code;

    KeyBy(String title, int code) {
        this.title = title;
        this.code = (byte) code;
    }

    /** What state holds; it never changes. */
    public byte code() {
        return code;
    }

    /** @throws IllegalArgumentException if nothing has this code, which only damaged state can cause */
    public static KeyBy ofCode(long code) {
        for (KeyBy keyBy : values()) {
            if (keyBy.code == code) {
                return keyBy;
            }
        }
        throw new IllegalArgumentException("no trades.key-by has the code " + code);
    }

    /** As it is written in settings. */
    @Override
    public String toString() {
        return title;
    }
}
