package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.TextIds;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the reader of trades with Apache Avro on random schemas: the same trades are accepted, with the same ids. */
class TradeReaderByAvroTest {
    private static final int SCHEMAS = 2_500;
    private static final int TRADES = 8;

    private final RandomFields fields = new RandomFields(20261128);
    private final RandomRecords random = new RandomRecords(20261130);
    private int texts;
    private int absent;

    @Test
    void acceptsTheTradesThatAvroReadsAndReadsTheirIds() throws Exception {
        int accepted = 0;
        for (int schema = 0; schema < SCHEMAS; schema++) {
            TradeSchema trades = schema();
            TradeReader reader = new TradeReader(trades);
            for (int trade = 0; trade < TRADES; trade++) {
                accepted += readAsAvroReadsIt(trades, reader, RandomDatum.of(trades.schema(), random));
            }
        }
        assertThat(accepted).as("accepted").isGreaterThan(SCHEMAS * TRADES / 2);
        assertThat(texts).as("ids that are text").isGreaterThan(SCHEMAS);
        assertThat(absent).as("ids that are null").isGreaterThan(SCHEMAS);
    }

    @Test
    void rejectsEveryTruncationAndReadsFlippedBitsAsAvroDoes() throws Exception {
        int flipped = 0;
        int accepted = 0;
        for (int schema = 0; schema < SCHEMAS; schema++) {
            TradeSchema trades = schema();
            TradeReader reader = new TradeReader(trades);
            byte[] datum = RandomDatum.of(trades.schema(), random);
            for (int end = 0; end < datum.length; end++) {
                assertThat(read(reader, Arrays.copyOf(datum, end))).isNull();
            }
            assertThat(read(reader, Arrays.copyOf(datum, datum.length + 1))).isNull();
            for (int bit = 0; bit < datum.length * 8; bit++) {
                datum[bit / 8] ^= (byte) (1 << bit % 8);
                accepted += readAsAvroReadsIt(trades, reader, datum);
                flipped++;
                datum[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
        assertThat(flipped).isGreaterThan(SCHEMAS * 100);
        assertThat(accepted).isBetween(flipped / 4, flipped * 9 / 10);
    }

    /** Returns 1 if the trade is accepted. */
    private int readAsAvroReadsIt(TradeSchema schema, TradeReader reader, byte[] datum) throws IOException {
        Trade trade = read(reader, datum);
        boolean canonical = CanonicalDatum.is(schema.schema(), datum);
        if (!canonical) {
            assertThat(trade)
                    .as("%s of %s", Arrays.toString(datum), schema.schema())
                    .isNull();
            return 0;
        }
        GenericRecord record = ApacheAvro.decode(ApacheAvro.RAW, schema.schema(), datum);
        Long time = micros(schema, (long) value(record, schema.tradeTime()));
        if (!isValid(value(record, schema.tradeId()))
                || value(record, schema.tradeId()) == null
                || !schema.dimensionFields().stream().allMatch(field -> isValid(value(record, field)))
                || time == null) {
            assertThat(trade).isNull();
            return 0;
        }
        assertThat(trade)
                .as("%s of %s", Arrays.toString(datum), schema.schema())
                .isNotNull();
        assertThat(trade.tradeTime()).isEqualTo(time);
        checkId(value(record, schema.tradeId()), trade.tradeId(), trade.tradeIdText());
        for (int dimension = 0; dimension < schema.dimensionFields().size(); dimension++) {
            Object id = value(record, schema.dimensionFields().get(dimension));
            assertThat(trade.has(dimension)).isEqualTo(id != null);
            checkId(id, trade.id(dimension), trade.text(dimension));
        }
        return 1;
    }

    private void checkId(@Nullable Object byAvro, long number, byte @Nullable [] text) {
        if (byAvro instanceof Utf8 utf8) {
            byte[] bytes = Arrays.copyOf(utf8.getBytes(), utf8.getByteLength());
            assertThat(text).isEqualTo(bytes);
            assertThat(number).isEqualTo(TextIds.hash(bytes));
            texts++;
        } else {
            assertThat(text).isNull();
            assertThat(number).isEqualTo(byAvro == null ? 0 : ((Number) byAvro).longValue());
            absent += byAvro == null ? 1 : 0;
        }
    }

    private static boolean isValid(@Nullable Object id) {
        if (!(id instanceof Utf8 utf8)) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8.getBytes(), 0, utf8.getByteLength()));
            return utf8.getByteLength() > 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Null if the time does not fit. */
    private static @Nullable Long micros(TradeSchema schema, long time) {
        BigInteger nanos = BigInteger.valueOf(time)
                .multiply(BigInteger.valueOf(
                        1_000_000_000 / schema.tradeTimeResolution().perSecond()));
        BigInteger[] micros = nanos.divideAndRemainder(BigInteger.valueOf(1_000));
        BigInteger floor = micros[1].signum() < 0 ? micros[0].subtract(BigInteger.ONE) : micros[0];
        return floor.bitLength() < Long.SIZE ? floor.longValue() : null;
    }

    private static @Nullable Object value(GenericRecord record, FieldPath path) {
        Object at = record;
        for (String name : path.names()) {
            at = at == null ? null : ((GenericRecord) at).get(name);
        }
        return at;
    }

    private static @Nullable Trade read(TradeReader reader, byte[] datum) {
        try {
            return reader.read(ApacheAvro.sourceRecord(Feed.TRADES, datum), datum, 0);
        } catch (DecodeException e) {
            assertThat(e.reason()).isIn(Reason.MALFORMED, Reason.OUT_OF_RANGE);
            return null;
        }
    }

    /** With one to three dimensions; ids and times are in nested records too. */
    private TradeSchema schema() {
        List<Schema.Field> root = fields.some();
        FieldPath tradeId = place("trade_id", fields.id(), root, true);
        FieldPath time = place("trade_time", fields.time(), root, false);
        List<FieldPath> dimensions = new ArrayList<>();
        for (int dimension = 0; dimension <= fields.below(3); dimension++) {
            dimensions.add(place("dimension_" + dimension, fields.id(), root, true));
        }
        if (fields.below(4) == 0) {
            dimensions.add(dimensions.get(0));
        }
        return new TradeSchema(fields.record("Trade", root), tradeId, time, dimensions);
    }

    /** Adds the field to the root, or to a record in it, or to a record in that. */
    private FieldPath place(String name, Schema type, List<Schema.Field> root, boolean nullable) {
        Schema.Field field = new Schema.Field(name, type);
        List<String> path = new ArrayList<>(List.of(name));
        for (int depth = fields.below(3); depth > 0; depth--) {
            String around = name + "_" + depth;
            Schema record = fields.record(
                    "In_" + around,
                    List.of(field, new Schema.Field("more", Schema.create(Schema.Type.values()[6 + fields.below(7)]))));
            field = new Schema.Field(around, nullable && fields.below(2) == 0 ? fields.nullable(record) : record);
            path.add(0, around);
        }
        root.add(field);
        return new FieldPath(path);
    }
}
