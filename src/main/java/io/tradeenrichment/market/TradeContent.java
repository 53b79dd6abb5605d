package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import org.jspecify.annotations.Nullable;

/** The trades of a market, as a function of the index. */
interface TradeContent {
    /**
     * Writes the datum of a trade.
     *
     * @param time in microseconds
     * @return the record key
     */
    byte @Nullable [] write(long index, long tradeId, long time, DatumBuffer into);

    /** A corruption that makes every trade of this schema invalid. */
    Corruption corruption(long random);
}
