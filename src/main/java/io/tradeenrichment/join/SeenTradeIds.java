package io.tradeenrichment.join;

import io.tradeenrichment.model.Trade;

/** The trade ids of the current key within the retention. */
interface SeenTradeIds {
    /**
     * True if the id is new. False until it expires.
     *
     * @param now processing time, milliseconds since 1970
     */
    boolean add(Trade trade, long now) throws Exception;

    /** Removes an id. Its trade may be sent again. */
    void remove(Trade trade) throws Exception;

    /** Writes to state what is kept in memory between checkpoints. */
    void snapshot() throws Exception;
}
