package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;

/** Reads trades from source records: framing, schema resolution, ids. Not thread-safe. */
public final class TradeParser {
    private final DatumReader datum;
    private final TradeReader trades;

    /** @param lookups of writers' schemas */
    public TradeParser(WireFormat wire, MeteredSchemas lookups) {
        datum = wire.reader(Feed.TRADES, lookups);
        trades = new TradeReader(wire.schemas().trade());
    }

    /**
     * May block on a registry lookup, once per schema.
     *
     * @throws DecodeException if the record is not a trade
     */
    public Trade parse(SourceRecord record) throws DecodeException, InterruptedException {
        byte[] value = record.value();
        if (value == null) {
            throw new DecodeException(
                    Reason.NO_VALUE, "the trade has no value; a null value deletes a row, but not a trade");
        }
        datum.wrap(value);
        return trades.read(record, datum.bytes(), datum.start());
    }

    /** The number of trades so far that needed schema resolution, which is slower. */
    public long resolved() {
        return datum.resolved();
    }
}
