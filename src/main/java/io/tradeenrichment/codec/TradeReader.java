package io.tradeenrichment.codec;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;

/**
 * Reads a trade's ids in place and walks the rest to its exact end, without decoding it. The walk is what finds
 * malformed bytes: what passes is a whole {@code Trade} and nothing after it. One thread at a time.
 */
public final class TradeReader {
    private static final int PRICE_PRECISION = 18;
    private static final int SIDES = 2;
    private final Cursor cursor = new Cursor();

    /**
     * @param bytes holds the datum under the job's schema, from {@code start} to the array's end
     * @throws DecodeException if these are not the bytes of a trade
     */
    public Trade read(SourceRecord received, byte[] bytes, int start) throws DecodeException {
        Cursor datum = cursor.wrap(bytes, start);
        long tradeId = datum.readLong();
        long instrumentId = datum.readLong();
        long userId = datum.readLong();
        long tradeTime = datum.readLong();
        datum.readDecimal(PRICE_PRECISION, "trade_px");
        datum.readLong();
        datum.readIndex(SIDES, "side");
        datum.expectEnd();
        return new Trade(received, bytes, start, tradeId, instrumentId, userId, tradeTime);
    }
}
