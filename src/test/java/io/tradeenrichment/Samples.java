package io.tradeenrichment;

import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.RowReader;
import io.tradeenrichment.codec.TradeReader;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/** Trades and rows for tests, in the default framing; the parameters are the fields that tests vary. */
public final class Samples {
    public static final WireFormat WIRE = new WireFormat(
            Framing.SINGLE_OBJECT, KnownSchemas.of(List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER)), 1 << 20);

    /** Shared, because creating a reader takes longer than reading. */
    private static final GenericDatumReader<GenericRecord> ENRICHED_READER =
            new GenericDatumReader<>(Schemas.ENRICHED_TRADE);

    /** The updates of a test have ascending offsets of one partition. */
    private static final AtomicLong OFFSETS = new AtomicLong();

    private Samples() {}

    public static byte[] prefix(Schema schema) {
        return Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(schema));
    }

    public static byte[] framed(Schema schema, DatumBuffer datum) {
        byte[] prefix = prefix(schema);
        byte[] bytes = datum.toBytes();
        return new DatumBuffer()
                .writeRaw(prefix, 0, prefix.length)
                .writeRaw(bytes, 0, bytes.length)
                .toBytes();
    }

    public static SourceRecord tradeRecord(long tradeId, long instrumentId, long userId) {
        return tradeRecord(tradeId, instrumentId, userId, 1_000_000L + tradeId, 5_000 + tradeId);
    }

    /**
     * @param tradeTime in microseconds
     * @param written record timestamp, in milliseconds
     */
    public static SourceRecord tradeRecord(long tradeId, long instrumentId, long userId, long tradeTime, long written) {
        DatumBuffer datum = new DatumBuffer()
                .writeLong(tradeId)
                .writeLong(instrumentId)
                .writeLong(userId)
                .writeLong(tradeTime)
                .writeDecimal(100_000_000)
                .writeLong(10)
                .writeInt((int) (tradeId & 1));
        return new SourceRecord(
                Feed.TRADES,
                0,
                tradeId,
                written,
                DatumBuffer.key(instrumentId),
                framed(Schemas.TRADE, datum),
                List.of());
    }

    public static SourceRecord stockRecord(long id, long validFrom, String ticker) {
        return stockRecord(id, validFrom, ticker, 0);
    }

    public static SourceRecord stockRecord(long id, long validFrom, String ticker, long offset) {
        DatumBuffer datum = new DatumBuffer()
                .writeLong(id)
                .writeLong(validFrom)
                .writeString(ticker)
                .writeInt(2)
                .writeInt(0)
                .writeInt(0);
        return new SourceRecord(
                Feed.INSTRUMENTS,
                0,
                offset,
                validFrom / 1000,
                DatumBuffer.key(id),
                framed(Schemas.INSTRUMENT, datum),
                List.of());
    }

    public static SourceRecord userRecord(long id, long validFrom, String name) {
        return userRecord(id, validFrom, name, 0);
    }

    public static SourceRecord userRecord(long id, long validFrom, String name, long offset) {
        DatumBuffer datum = new DatumBuffer().writeLong(id).writeLong(validFrom).writeString(name);
        return new SourceRecord(
                Feed.USERS, 0, offset, validFrom / 1000, DatumBuffer.key(id), framed(Schemas.USER, datum), List.of());
    }

    /** The same record with another record timestamp, in milliseconds. */
    public static SourceRecord written(long written, SourceRecord record) {
        return new SourceRecord(
                record.feed(),
                record.partition(),
                record.offset(),
                written,
                record.key(),
                record.value(),
                record.headers());
    }

    /** The same record at another offset. */
    public static SourceRecord atOffset(long offset, SourceRecord record) {
        return new SourceRecord(
                record.feed(),
                record.partition(),
                offset,
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    public static SourceRecord tombstone(Feed feed, long id, long timestampMillis, long offset) {
        return new SourceRecord(feed, 0, offset, timestampMillis, DatumBuffer.key(id), null, List.of());
    }

    public static Trade trade(long tradeId, long instrumentId, long userId) {
        return trade(tradeRecord(tradeId, instrumentId, userId));
    }

    public static Trade trade(SourceRecord received) {
        try {
            return new TradeReader(JobSchemas.bundled().trade())
                    .read(received, received.value(), Framing.SINGLE_OBJECT.length());
        } catch (DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    public static DimensionUpdate stock(long id, long validFrom, String ticker) {
        return update(Dimension.INSTRUMENT, stockRecord(id, validFrom, ticker));
    }

    public static DimensionUpdate user(long id, long validFrom, String name) {
        return update(Dimension.USER, userRecord(id, validFrom, name));
    }

    public static DimensionUpdate deletion(Dimension dimension, long id, long time) {
        return new DimensionUpdate(dimension, id, time, time / 1000, null, 0, OFFSETS.getAndIncrement());
    }

    /** The same update with another partition and offset. */
    public static DimensionUpdate at(int partition, long offset, DimensionUpdate update) {
        return new DimensionUpdate(
                update.dimension(),
                update.id(),
                update.validFrom(),
                update.timestamp(),
                update.fragment(),
                partition,
                offset);
    }

    /** The same update with another record timestamp, in milliseconds. */
    public static DimensionUpdate written(long written, DimensionUpdate update) {
        return new DimensionUpdate(
                update.dimension(),
                update.id(),
                update.validFrom(),
                written,
                update.fragment(),
                update.partition(),
                update.offset());
    }

    private static DimensionUpdate update(Dimension dimension, SourceRecord received) {
        try {
            DimensionUpdate update = new RowReader(JobSchemas.bundled().row(dimension))
                    .read(received, received.value(), Framing.SINGLE_OBJECT.length());
            return at(0, OFFSETS.getAndIncrement(), update);
        } catch (DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads an enriched trade in the default framing, with Avro's own reader. */
    public static GenericRecord enriched(byte[] value) {
        return enriched(value, Framing.SINGLE_OBJECT.length());
    }

    /**
     * Reads an enriched trade with Avro's own reader. Thread-safe.
     *
     * @param start offset of the datum, after the framing
     */
    public static GenericRecord enriched(byte[] value, int start) {
        try {
            return ENRICHED_READER.read(
                    null, DecoderFactory.get().binaryDecoder(value, start, value.length - start, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
