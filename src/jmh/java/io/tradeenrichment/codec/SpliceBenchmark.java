package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Enriches a trade by splicing and by Avro's generic records. Both write the same bytes, which is checked first, and each
 * starts from rows in its own representation.
 *
 * <pre>mvn -q -Pjmh test-compile exec:exec -Djmh.args="SpliceBenchmark -prof gc"</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SpliceBenchmark {
    /** A power of two; many, so that branch prediction does not learn a single trade. */
    private static final int TRADES = 1024;

    private final byte[][] trades = new byte[TRADES][];
    private final SourceRecord[] records = new SourceRecord[TRADES];
    private int next;

    private final TradeReader tradeReader = new TradeReader(JobSchemas.bundled().trade());
    private final HandWrittenTradeReader handWrittenReader = new HandWrittenTradeReader();
    private final Splice splice = new Splice(new byte[0], List.of(new byte[6], new byte[2]));
    private final byte[][] rows = new byte[2][];

    private final GenericDatumReader<GenericRecord> avroReader = new GenericDatumReader<>(Schemas.TRADE);
    private final GenericDatumWriter<GenericRecord> avroWriter = new GenericDatumWriter<>(Schemas.ENRICHED_TRADE);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final GenericRecord reusedEnriched = new GenericData.Record(Schemas.ENRICHED_TRADE);
    private GenericRecord reusedTrade;
    private GenericRecord instrument;
    private GenericRecord user;
    private BinaryDecoder decoder;
    private BinaryEncoder encoder;

    @Setup
    public void makeTrades() throws IOException, DecodeException {
        for (int i = 0; i < TRADES; i++) {
            trades[i] = trade(1_000_000_000L + i);
            records[i] = new SourceRecord(Feed.TRADES, 0, i, 0, null, trades[i], List.of());
        }
        byte[] instrumentDatum = instrument();
        byte[] userDatum = new DatumBuffer()
                .writeLong(70_000)
                .writeLong(0)
                .writeString("DiamondHands")
                .toBytes();
        rows[0] = fragment(Dimension.INSTRUMENT, instrumentDatum);
        rows[1] = fragment(Dimension.USER, userDatum);
        instrument = read(Schemas.INSTRUMENT, instrumentDatum);
        user = read(Schemas.USER, userDatum);
        for (int i = 0; i < TRADES; i++) {
            byte[] spliced = splice();
            next--;
            if (!Arrays.equals(spliced, genericRecords())) {
                throw new IllegalStateException("the two ways write different bytes");
            }
        }
    }

    /** Decodes a trade: reads the ids in place and validates the rest. */
    @Benchmark
    public Trade peek() throws DecodeException {
        int i = next++ & (TRADES - 1);
        return tradeReader.read(records[i], trades[i], 0);
    }

    /** The same by a reader that is written for the bundled schema. */
    @Benchmark
    public Trade peekHandWritten() throws DecodeException {
        int i = next++ & (TRADES - 1);
        return handWrittenReader.read(records[i], trades[i], 0);
    }

    /** Decodes and splices a trade. */
    @Benchmark
    public byte[] splice() throws DecodeException {
        int i = next++ & (TRADES - 1);
        Trade trade = tradeReader.read(records[i], trades[i], 0);
        return splice.splice(trade.bytes(), trade.start(), rows);
    }

    /** The same by Avro, which reuses whatever it can. */
    @Benchmark
    public byte[] genericRecords() throws IOException {
        byte[] datum = trades[next++ & (TRADES - 1)];
        decoder = DecoderFactory.get().binaryDecoder(datum, decoder);
        reusedTrade = avroReader.read(reusedTrade, decoder);
        GenericRecord enriched = reusedEnriched;
        int fields = Schemas.TRADE.getFields().size();
        for (int field = 0; field < fields; field++) {
            enriched.put(field, reusedTrade.get(field));
        }
        enriched.put(fields, "SPY271119C00200000");
        for (int column = 1; column <= 4; column++) {
            enriched.put(fields + column, instrument.get(1 + column));
        }
        enriched.put(fields + 5, instrument.get(1));
        enriched.put(fields + 6, user.get(2));
        enriched.put(fields + 7, user.get(1));
        out.reset();
        encoder = EncoderFactory.get().binaryEncoder(out, encoder);
        avroWriter.write(enriched, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static byte[] trade(long id) {
        return new DatumBuffer()
                .writeLong(id)
                .writeLong(id % 50_000)
                .writeLong(70_000 + id % 1_000)
                .writeLong(1_800_000_000_000_000L + id)
                .writeDecimal(100_000_000 + id % 9_000_000)
                .writeLong(1 + id % 500)
                .writeInt((int) (id & 1))
                .toBytes();
    }

    private static byte[] instrument() {
        return new DatumBuffer()
                .writeLong(5)
                .writeLong(0)
                .writeString("SPY")
                .writeInt(0)
                .writeInt(1)
                .writeDecimal(200_000)
                .writeInt(1)
                .writeLong(LocalDate.of(2027, 11, 19).toEpochDay())
                .toBytes();
    }

    private static byte[] fragment(Dimension dimension, byte[] datum) throws DecodeException {
        SourceRecord from = new SourceRecord(dimension.feed(), 0, 0, 0, null, datum, List.of());
        return new RowReader(JobSchemas.bundled().row(dimension))
                .read(from, datum, 0)
                .fragment();
    }

    private static GenericRecord read(Schema schema, byte[] datum) throws IOException {
        return new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(datum, null));
    }
}
