package io.tradeenrichment.decode;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.RowReader;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.KeyReader;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;

/** Turns a dimension's records into updates of its rows. One thread at a time. */
final class RowDecoder {
    private static final long MICROS_PER_MILLI = 1000;
    private final Dimension dimension;
    private final KeyReader keys;
    private final DatumReader datum;
    private final RowReader rows;

    RowDecoder(Dimension dimension, WireFormat wire, MeteredSchemas lookups) {
        this.dimension = dimension;
        this.keys = wire.keyReader(dimension, lookups);
        this.datum = wire.reader(dimension.feed(), lookups);
        this.rows = new RowReader(dimension);
    }

    DimensionUpdate decode(SourceRecord received) throws DecodeException, InterruptedException {
        long id = keys.id(received);
        byte[] value = received.value();
        if (value == null) {
            return new DimensionUpdate(
                    dimension,
                    id,
                    deletedAt(received),
                    received.timestamp(),
                    null,
                    received.partition(),
                    received.offset());
        }
        datum.wrap(value);
        DimensionUpdate row = rows.read(received, datum.bytes(), datum.start());
        if (row.id() != id) {
            throw new DecodeException(
                    Reason.WRONG_KEY,
                    "the key says " + dimension.title() + " " + id + ", the row says " + row.id()
                            + "; compaction and tombstones go by the key, so both must say the same");
        }
        return row;
    }

    /** The end of the record's millisecond: a version of the same millisecond is what is deleted. */
    private long deletedAt(SourceRecord received) throws DecodeException {
        long millis = Math.max(received.timestamp(), 0);
        if (millis >= Long.MAX_VALUE / MICROS_PER_MILLI) {
            throw new DecodeException(
                    Reason.OUT_OF_RANGE,
                    "the record that deletes the " + dimension.title() + " is dated " + millis
                            + " ms since 1970, which is no date in microseconds");
        }
        return millis * MICROS_PER_MILLI + MICROS_PER_MILLI - 1;
    }
}
