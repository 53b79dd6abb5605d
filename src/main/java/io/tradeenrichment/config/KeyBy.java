package io.tradeenrichment.config;

/** The key of the trade stream: it selects the subtask, and trades with the same key keep their order. */
public enum KeyBy {
    /** Trades of one instrument keep the order of their partition. */
    INSTRUMENT_ID("instrument_id", 1),
    /** A hot instrument is spread over all subtasks, and no order is kept. */
    TRADE_ID("trade_id", 2),
    /** Trades of one instrument and one user keep their order. */
    INSTRUMENT_AND_USER("instrument_and_user", 3);

    private final String title;
    private final byte code;

    KeyBy(String title, int code) {
        this.title = title;
        this.code = (byte) code;
    }

    /** The code in state; it never changes. */
    public byte code() {
        return code;
    }

    /** @throws IllegalArgumentException for an unknown code, which only corrupt state contains */
    public static KeyBy ofCode(long code) {
        for (KeyBy keyBy : values()) {
            if (keyBy.code == code) {
                return keyBy;
            }
        }
        throw new IllegalArgumentException("no trades.key-by has the code " + code);
    }

    /** The name in settings. */
    @Override
    public String toString() {
        return title;
    }
}
