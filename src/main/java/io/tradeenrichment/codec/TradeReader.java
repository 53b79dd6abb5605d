package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;

/**
 * Reads a trade's ids in place, and validates the rest of the datum without decoding it: the bytes must be exactly one
 * {@code Trade}. Not thread-safe.
 */
public final class TradeReader {
    private static final int PRICE_PRECISION = 18;
    private static final int SIDES = 2;
    private final Cursor cursor = new Cursor();

    /**
     * @param bytes the datum under the job's schema, from {@code start} to the end of the array
     * @throws DecodeException if the bytes are malformed
     */
    public Trade read(SourceRecord record, byte[] bytes, int start) throws DecodeException {
        Cursor datum = cursor.wrap(bytes, start);
        long tradeId = datum.readLong();
        long instrumentId = datum.readLong();
        long userId = datum.readLong();
        long tradeTime = datum.readLong();
        datum.readDecimal(PRICE_PRECISION, "trade_px");
        datum.readLong();
        datum.readIndex(SIDES, "side");
        datum.expectEnd();
        return new Trade(record, bytes, start, tradeTime, new long[] {tradeId, instrumentId, userId}, null, 0);
    }
}
