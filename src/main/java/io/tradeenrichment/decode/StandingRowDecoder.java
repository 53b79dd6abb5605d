package io.tradeenrichment.decode;

import io.tradeenrichment.codec.Refusal;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.model.Rejection;
import io.tradeenrichment.model.StandingRecords;
import io.tradeenrichment.model.StandingRows;

/** The rows that stand at start, decoded from the records that stand at start just as live ones are. */
public final class StandingRowDecoder implements StandingRows {
    private final StandingRecords records;
    private final WireFormat wire;

    public StandingRowDecoder(StandingRecords records, WireFormat wire) {
        this.records = records;
        this.wire = wire;
    }

    @Override
    public void readAll(Receiver receiver) throws Exception {
        RowDecoder instruments = new RowDecoder(Dimension.INSTRUMENT, wire);
        RowDecoder users = new RowDecoder(Dimension.USER, wire);
        records.readAll(new StandingRecords.Receiver() {
            @Override
            public void record(Received record, boolean comesAgain) throws Exception {
                try {
                    receiver.update((record.feed() == Feed.INSTRUMENTS ? instruments : users).decode(record));
                } catch (Refusal refusal) {
                    // What comes again is rejected by the live feed; once is enough.
                    if (!comesAgain) {
                        receiver.rejection(new Rejection(record, refusal.reason(), refusal.sentence()));
                    }
                }
            }

            @Override
            public void readUpTo(Dimension dimension, int partition, long next) throws Exception {
                receiver.readUpTo(dimension, partition, next);
            }
        });
    }
}
