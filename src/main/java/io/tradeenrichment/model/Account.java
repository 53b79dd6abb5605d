package io.tradeenrichment.model;

import java.util.function.ToLongFunction;

/**
 * The accounts of the control totals. At every checkpoint, {@code TRADES_IN} equals the sum of the others.
 *
 * <p>The code is stored in state. The title is the name in totals and metrics. Neither changes.
 */
public enum Account {
    TRADES_IN(1, "trades_in"),
    ENRICHED(2, "enriched"),
    DUPLICATES(3, "duplicates"),
    DEAD_LETTERED(4, "dead_lettered"),
    DROPPED(5, "dropped"),
    PARKED(6, "parked");

    private final byte code;
    private final String title;

    Account(int code, String title) {
        this.code = (byte) code;
        this.title = title;
    }

    /**
     * Trades that came in and are in no other account: 0 unless trades are on their way between two operators.
     *
     * @param trades the number of trades in an account
     */
    public static long residual(ToLongFunction<Account> trades) {
        long residual = trades.applyAsLong(TRADES_IN);
        for (Account account : values()) {
            if (account != TRADES_IN) {
                residual -= trades.applyAsLong(account);
            }
        }
        return residual;
    }

    public byte code() {
        return code;
    }

    public String title() {
        return title;
    }

    /** @throws IllegalArgumentException if no account has this code, which only corrupt state can cause */
    public static Account ofCode(byte code) {
        for (Account account : values()) {
            if (account.code == code) {
                return account;
            }
        }
        throw new IllegalArgumentException("no account has the code " + code);
    }
}
