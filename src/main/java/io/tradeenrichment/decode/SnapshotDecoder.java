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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** Decodes the snapshot records as the live records are decoded. */
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
    public void register(BiConsumer<String, LongSupplier> gauges) {
        lookups.register(gauges);
    }

    @Override
    public long topic(Dimension dimension) {
        return records.topic(dimension);
    }

    @Override
    public void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception {
        Map<Feed, RowDecoder> decoders = new HashMap<>();
        for (Dimension dimension : dimensions) {
            decoders.put(dimension.feed(), new RowDecoder(dimension, wire, lookups));
        }
        records.readAll(dimensions, new SnapshotRecords.Receiver() {
            @Override
            public void record(SourceRecord record, boolean redelivered) throws Exception {
                try {
                    receiver.update(
                            Objects.requireNonNull(decoders.get(record.feed())).decode(record));
                } catch (DecodeException e) {
                    // The live feed rejects a redelivered record, which must be rejected once only.
                    if (!redelivered) {
                        receiver.rejected(new RejectedRecord(record, e.reason(), e.sentence()));
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
