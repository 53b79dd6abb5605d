package io.tradeenrichment.config;

/** Which id decides the subtask that a trade goes to. */
public enum KeyBy {
    /** Trades of one instrument leave in the order in which they came from their partition. */
    INSTRUMENT_ID,
    /** Spreads an instrument that many trades name, and gives that order up. */
    TRADE_ID;

    /** The field's own name: it is one of the trade's, underscore and all. */
    @Override
    public String toString() {
        return this == INSTRUMENT_ID ? "instrument_id" : "trade_id";
    }
}
