package io.tradeenrichment.decode;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.RowReader;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.QuotedText;
import io.tradeenrichment.codec.key.KeyReader;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decodes the records of a dimension into updates. One thread at a time. */
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
        this.rows = wire.rowReader(dimension);
    }

    DimensionUpdate decode(SourceRecord record) throws DecodeException, InterruptedException {
        long id = keys.id(record);
        byte[] value = record.value();
        if (value == null) {
            return new DimensionUpdate(
                    dimension,
                    id,
                    keys.text(),
                    deletedAt(record),
                    record.timestamp(),
                    null,
                    record.partition(),
                    record.offset());
        }
        datum.wrap(value);
        DimensionUpdate row = rows.read(record, datum.bytes(), datum.start());
        if (row.id() != id || !Arrays.equals(row.text(), keys.text())) {
            throw new DecodeException(
                    Reason.WRONG_KEY,
                    "the key is " + dimension.title() + " " + title(id, keys.text()) + ", but the row is "
                            + title(row.id(), row.text())
                            + "; compaction and tombstones use the key, so both must have the same id");
        }
        return row;
    }

    private static String title(long id, byte @Nullable [] text) {
        return text == null ? Long.toString(id) : QuotedText.of(new String(text, StandardCharsets.UTF_8));
    }

    /** The end of the record's millisecond, so that a version of the same millisecond is deleted. */
    private long deletedAt(SourceRecord record) throws DecodeException {
        long millis = Math.max(record.timestamp(), 0);
        if (millis >= Long.MAX_VALUE / MICROS_PER_MILLI) {
            throw new DecodeException(
                    Reason.OUT_OF_RANGE,
                    "the tombstone of the " + dimension.title() + " has the timestamp " + millis
                            + " ms since 1970, which is out of range in microseconds");
        }
        return millis * MICROS_PER_MILLI + MICROS_PER_MILLI - 1;
    }
}
