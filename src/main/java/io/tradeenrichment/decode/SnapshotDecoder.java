package io.tradeenrichment.decode;

import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** The rows that stand at start, decoded from the records that stand at start just as live ones are. */
public final class SnapshotDecoder implements DimensionSnapshot {
    private final SnapshotRecords records;
    private final WireFormat wire;
    private final MeteredSchemas lookups;

    public SnapshotDecoder(SnapshotRecords records, WireFormat wire) {
        this.records = records;
        this.wire = wire;
        this.lookups = new MeteredSchemas(wire.writers());
    }

    @Override
    public void show(BiConsumer<String, LongSupplier> gauges) {
        lookups.register(gauges);
    }

    @Override
    public long topic(Dimension dimension) {
        return records.topic(dimension);
    }

    @Override
    public void readAll(Receiver receiver) throws Exception {
        RowDecoder instruments = new RowDecoder(Dimension.INSTRUMENT, wire, lookups);
        RowDecoder users = new RowDecoder(Dimension.USER, wire, lookups);
        records.readAll(new SnapshotRecords.Receiver() {
            @Override
            public void record(SourceRecord record, boolean comesAgain) throws Exception {
                try {
                    receiver.update((record.feed() == Feed.INSTRUMENTS ? instruments : users).decode(record));
                } catch (DecodeException refusal) {
                    // What comes again is rejected by the live feed; once is enough.
                    if (!comesAgain) {
                        receiver.rejection(new RejectedRecord(record, refusal.reason(), refusal.sentence()));
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
