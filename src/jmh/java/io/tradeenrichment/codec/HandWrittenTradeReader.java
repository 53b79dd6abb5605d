package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;

/** The baseline of {@link TradeReader}: reads the bundled schema only, with a call for each field. */
final class HandWrittenTradeReader {
    private static final int PRICE_PRECISION = 18;
    private static final int SIDES = 2;
    private final ByteCursor cursor = new ByteCursor();

    Trade read(SourceRecord record, byte[] bytes, int start) throws DecodeException {
        ByteCursor datum = cursor.wrap(bytes, start);
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
