package io.tradeenrichment.codec.resolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.RandomDatum;
import io.tradeenrichment.codec.RandomRecords;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaResolutionTest {
    private static final String ID = "{\"name\": \"instrument_id\", \"type\": \"long\"}";
    private static final String SHORT_ID = "{\"name\": \"instrument_id\", \"type\": \"int\"}";
    private static final String VALID_FROM =
            "{\"name\": \"valid_from\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}}";
    private static final String TICKER = "{\"name\": \"ticker\", \"type\": \"string\"}";
    private static final String TYPE = "{\"name\": \"type\", \"type\": {\"type\": \"enum\","
            + " \"name\": \"InstrumentType\", \"symbols\": [\"CALL\", \"PUT\", \"STOCK\"]}}";
    private static final String STRIKE = "{\"name\": \"strike\", \"type\": [\"null\", {\"type\": \"bytes\","
            + " \"logicalType\": \"decimal\", \"precision\": 8, \"scale\": 3}], \"default\": null}";
    private static final String EXPIRY = "{\"name\": \"expiry\", \"type\": [\"null\", {\"type\": \"int\","
            + " \"logicalType\": \"date\"}], \"default\": null}";

    /** Writers' schemas that the job can read, by what they change. */
    static Map<String, Schema> otherWriters() {
        return Map.ofEntries(
                Map.entry("reordered", instrument(EXPIRY, TYPE, STRIKE, TICKER, VALID_FROM, ID)),
                Map.entry("without strike and expiry", instrument(ID, VALID_FROM, TICKER, TYPE)),
                Map.entry("id still an int", instrument(SHORT_ID, VALID_FROM, TICKER, TYPE, STRIKE, EXPIRY)),
                Map.entry(
                        "strike and expiry never null",
                        instrument(
                                ID,
                                VALID_FROM,
                                TICKER,
                                TYPE,
                                "{\"name\": \"strike\", \"type\": {\"type\": \"bytes\", \"logicalType\": \"decimal\","
                                        + " \"precision\": 8, \"scale\": 3}}",
                                "{\"name\": \"expiry\", \"type\": {\"type\": \"int\", \"logicalType\": \"date\"}}")),
                Map.entry(
                        "branches the other way round",
                        instrument(
                                ID,
                                VALID_FROM,
                                TICKER,
                                TYPE,
                                STRIKE,
                                "{\"name\": \"expiry\", \"type\": [{\"type\": \"int\", \"logicalType\": \"date\"},"
                                        + " \"null\"]}")),
                Map.entry(
                        "fewer symbols in another order",
                        instrument(
                                ID,
                                VALID_FROM,
                                TICKER,
                                "{\"name\": \"type\", \"type\": {\"type\": \"enum\", \"name\": \"InstrumentType\","
                                        + " \"symbols\": [\"STOCK\", \"CALL\"]}}",
                                STRIKE,
                                EXPIRY)),
                Map.entry(
                        "ticker as bytes",
                        instrument(ID, VALID_FROM, "{\"name\": \"ticker\", \"type\": \"bytes\"}", TYPE)),
                Map.entry(
                        "time without its unit",
                        instrument(ID, "{\"name\": \"valid_from\", \"type\": \"long\"}", TICKER, TYPE)),
                Map.entry(
                        "more fields",
                        instrument(
                                "{\"name\": \"note\", \"type\": \"string\"}",
                                ID,
                                "{\"name\": \"tags\", \"type\": {\"type\": \"array\", \"items\": \"string\"}}",
                                VALID_FROM,
                                "{\"name\": \"maybe\", \"type\": [\"null\", \"double\", \"bytes\"]}",
                                TICKER,
                                TYPE,
                                STRIKE,
                                "{\"name\": \"limits\", \"type\": {\"type\": \"map\", \"values\": \"long\"}}",
                                EXPIRY,
                                "{\"name\": \"mic\", \"type\": {\"type\": \"fixed\", \"name\": \"Mic\","
                                        + " \"size\": 4}}")),
                Map.entry(
                        "recursive field",
                        instrument(
                                ID,
                                VALID_FROM,
                                TICKER,
                                TYPE,
                                "{\"name\": \"chain\", \"type\": [\"null\", {\"type\": \"record\", \"name\": \"Chain\","
                                        + " \"fields\": [{\"name\": \"next\", \"type\": [\"null\", \"Chain\"]}]}]}")),
                Map.entry(
                        "another namespace",
                        Schemas.parse(
                                instrument(ID, VALID_FROM, TICKER, TYPE)
                                        .toString()
                                        .replace("io.tradeenrichment", "com.exchange"),
                                "the test")));
    }

    @ParameterizedTest
    @MethodSource("writerTitles")
    void readsTheSameRecordAsAvro(String title) throws Exception {
        Schema writers = otherWriters().get(title);
        RandomRecords random = new RandomRecords(8);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        for (int i = 0; i < 500; i++) {
            byte[] datum = RandomDatum.of(writers, random);
            byte[] byAvro = ApacheAvro.encode(
                    ApacheAvro.RAW, ApacheAvro.resolve(ApacheAvro.RAW, writers, Schemas.INSTRUMENT, datum));
            assertThat(resolution.resolve(prefixed(datum), 5)).isEqualTo(byAvro);
        }
    }

    @ParameterizedTest
    @MethodSource("writerTitles")
    void rejectsEveryTruncationAndAdditionalByte(String title) {
        Schema writers = otherWriters().get(title);
        RandomRecords random = new RandomRecords(9);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        for (int i = 0; i < 100; i++) {
            byte[] good = RandomDatum.of(writers, random);
            for (int end = 0; end < good.length; end++) {
                assertThat(failure(resolution, Arrays.copyOf(good, end)).reason())
                        .isEqualTo(Reason.MALFORMED);
            }
            assertThat(failure(resolution, Arrays.copyOf(good, good.length + 1)).reason())
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @MethodSource("writerTitles")
    void acceptsDamagedAndRandomBytesOnlyAsAvroResolvesThem(String title) throws Exception {
        Schema writers = otherWriters().get(title);
        RandomRecords random = new RandomRecords(10);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        int bits = 0;
        int flipped = 0;
        int undamaged = 0;
        for (int i = 0; i < 100; i++) {
            byte[] datum = RandomDatum.of(writers, random);
            bits += datum.length * 8;
            for (int bit = 0; bit < datum.length * 8; bit++) {
                datum[bit / 8] ^= (byte) (1 << bit % 8);
                flipped += readAsAvroReadsIt(resolution, writers, datum);
                datum[bit / 8] ^= (byte) (1 << bit % 8);
            }
            undamaged += readAsAvroReadsIt(resolution, writers, datum);
        }
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = random.bytes(random.below(40));
            for (int at = 0; at < bytes.length && (i & 1) == 0; at++) {
                bytes[at] &= 0x07;
            }
            readAsAvroReadsIt(resolution, writers, bytes);
        }
        assertThat(undamaged).isEqualTo(100);
        // Most bits are those of values, so that a flip makes another record.
        assertThat(flipped).isGreaterThan(bits / 2);
    }

    @Test
    void readsARenamedFieldByTheJobsAlias() throws Exception {
        Schema job = Schemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"username\"", "\"name\":\"username\",\"aliases\":[\"nick\"]"),
                "the test");
        Schema writers = Schemas.parse(
                Schemas.USER
                        .toString()
                        .replace("username", "nick")
                        .replace("\"fields\":[", "\"fields\":[{\"name\":\"note\",\"type\":\"string\"},"),
                "the test");
        SchemaResolution resolution = resolution(writers, job);
        byte[] datum = ApacheAvro.encode(ApacheAvro.RAW, RandomRecords.record(writers, "n", 1L, 2L, "DiamondHands"));
        assertThat(resolution.resolve(datum, 0))
                .isEqualTo(
                        ApacheAvro.encode(ApacheAvro.RAW, RandomRecords.record(Schemas.USER, 1L, 2L, "DiamondHands")));
    }

    /** As in Avro for Java: ksqlDB and Kafka Connect choose the names of records. */
    @Test
    void readsARecordOfAnotherNameByItsFields() throws Exception {
        Schema writers = Schemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"User\"", "\"name\":\"KsqlDataSourceSchema\"")
                        .replace("\"namespace\":\"io.tradeenrichment\"", "\"namespace\":\"io.confluent.ksql\""),
                "the test");
        assertThat(writers.getFullName()).isEqualTo("io.confluent.ksql.KsqlDataSourceSchema");
        assertThat(SchemaResolution.between(writers, Schemas.USER))
                .as("the bytes can be taken as they are")
                .isNull();
    }

    @Test
    void convertsTheUnitOfARenamedField() throws Exception {
        Schema job = Schemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"valid_from\"", "\"name\":\"valid_from\",\"aliases\":[\"since\"]"),
                "the test");
        Schema writers = Schemas.parse(
                Schemas.USER.toString().replace("valid_from", "since").replace("timestamp-micros", "timestamp-millis"),
                "the test");
        byte[] datum = ApacheAvro.encode(ApacheAvro.RAW, RandomRecords.record(writers, 1L, 1_795_858_200_123L, "ann"));
        assertThat(resolution(writers, job).resolve(datum, 0))
                .isEqualTo(ApacheAvro.encode(
                        ApacheAvro.RAW, RandomRecords.record(Schemas.USER, 1L, 1_795_858_200_123_000L, "ann")));
    }

    /** Avro for Java applies a field's alias only in a record of the same full name; it would use the default here. */
    @Test
    void readsARenamedFieldInARecordOfAnotherNamespace() throws Exception {
        Schema job = Schemas.parse(
                Schemas.INSTRUMENT
                        .toString()
                        .replace("\"name\":\"strike\"", "\"name\":\"strike\",\"aliases\":[\"strike_px\"]"),
                "the test");
        Schema writers = Schemas.parse(
                Schemas.INSTRUMENT
                        .toString()
                        .replace("\"strike\"", "\"strike_px\"")
                        .replace("io.tradeenrichment", "com.exchange"),
                "the test");
        assertThat(SchemaResolution.between(writers, job)).isNull();
    }

    @Test
    void rejectsAWriterWithTwoFieldsForOneName() {
        Schema job = Schemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"username\"", "\"name\":\"username\",\"aliases\":[\"nick\"]"),
                "the test");
        Schema writers = Schemas.parse(
                Schemas.USER.toString().replace("\"fields\":[", "\"fields\":[{\"name\":\"nick\",\"type\":\"string\"},"),
                "the test");
        incompatibility(writers, job);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"string\"",
                "\"null\"",
                "[]",
                "{\"type\": \"array\", \"items\": \"long\"}",
                "{\"type\": \"enum\", \"name\": \"User\", \"symbols\": [\"A\"]}",
                "{\"type\": \"record\", \"name\": \"User\", \"fields\": []}",
            })
    void rejectsASchemaOfAnotherType(String json) {
        incompatibility(Schemas.parse(json, "the test"), Schemas.USER);
    }

    @Test
    void rejectsAUnionWithTheRecord() {
        incompatibility(Schema.createUnion(Schemas.USER), Schemas.USER);
    }

    @Test
    void rejectsAWriterWithoutAFieldThatHasNoDefault() {
        assertThat(incompatibility(instrument(ID, VALID_FROM, TYPE), Schemas.INSTRUMENT))
                .hasMessageContaining("ticker");
    }

    @Test
    void rejectsOnlyRecordsWithAnUnknownSymbol() throws Exception {
        Schema writers = Schemas.parse(
                Schemas.TRADE.toString().replace("\"BUY\",\"SELL\"", "\"SELL_SHORT\",\"SELL\",\"BUY\""), "the test");
        SchemaResolution resolution = resolution(writers, Schemas.TRADE);
        byte[] trade = {2, 4, 6, 8, 2, 5, 12, 0};

        assertThat(failure(resolution, trade))
                .hasMessage("Trade.side is \"SELL_SHORT\", which the job does not know; it knows BUY, SELL")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.OUT_OF_RANGE);
        trade[7] = 4;
        assertThat(resolution.resolve(trade, 0)).containsExactly(2, 4, 6, 8, 2, 5, 12, 0);
        trade[7] = 2;
        assertThat(resolution.resolve(trade, 0)).containsExactly(2, 4, 6, 8, 2, 5, 12, 2);
    }

    @Test
    void rejectsAnEnumWithoutCommonSymbols() {
        Schema writers = Schemas.parse(Schemas.TRADE.toString().replace("\"BUY\",\"SELL\"", "\"B\",\"S\""), "the test");
        assertThat(incompatibility(writers, Schemas.TRADE))
                .hasMessageEndingWith("Trade.side is an enum without any symbol of the job's: \"B, S\"");
    }

    @Test
    void readsAnUnknownSymbolAsTheDefault() throws Exception {
        Schema job = Schemas.parse(
                Schemas.TRADE.toString().replace("[\"BUY\",\"SELL\"]", "[\"BUY\",\"SELL\"],\"default\":\"SELL\""),
                "the test");
        Schema writers = Schemas.parse(
                Schemas.TRADE.toString().replace("[\"BUY\",\"SELL\"]", "[\"CROSS\",\"BUY\"],\"default\":\"BUY\""),
                "the test");
        assertThat(resolution(writers, job).resolve(new byte[] {2, 4, 6, 8, 2, 5, 12, 0}, 0))
                .containsExactly(2, 4, 6, 8, 2, 5, 12, 2);
    }

    /** ksqlDB and Kafka Connect write all fields as nullable with the default null. */
    @Test
    void rejectsOnlyRecordsWithANullInARequiredField() throws Exception {
        Schema writers = Schemas.parse("""
                {"type":"record","name":"ConnectDefault","namespace":"io.confluent.connect.avro","fields":[
                 {"name":"VENUE","type":["null","string"],"default":null},
                 {"name":"user_id","type":["null","long"],"default":null},
                 {"name":"username","type":["string","null"],"default":"x"},
                 {"name":"valid_from","type":["null",{"type":"long","connect.version":1,
                  "connect.name":"org.apache.kafka.connect.data.Timestamp","logicalType":"timestamp-millis"}]}]}""", "the test");
        SchemaResolution resolution = resolution(writers, Schemas.USER);

        byte[] full = ApacheAvro.encode(ApacheAvro.RAW, RandomRecords.record(writers, "XNAS", 7L, "ann", 5L));
        assertThat(resolution.resolve(full, 0))
                .isEqualTo(ApacheAvro.encode(ApacheAvro.RAW, RandomRecords.record(Schemas.USER, 7L, 5_000L, "ann")));
        byte[] without = ApacheAvro.encode(ApacheAvro.RAW, RandomRecords.record(writers, null, 7L, null, 5L));
        assertThat(failure(resolution, without))
                .hasMessage("User.username is null, but the job reads string")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void rejectsOnlyRecordsWithAnUnreadableBranch() throws Exception {
        Schema writers = Schemas.parse(
                Schemas.TRADE
                        .toString()
                        .replace(
                                "{\"name\":\"quantity\",\"type\":\"long\"",
                                "{\"name\":\"quantity\",\"type\":[\"double\",\"int\"]"),
                "the test");
        SchemaResolution resolution = resolution(writers, Schemas.TRADE);
        byte[] whole = {2, 4, 6, 8, 2, 5, 2, 12, 0};
        assertThat(resolution.resolve(whole, 0)).containsExactly(2, 4, 6, 8, 2, 5, 12, 0);
        byte[] broken = {2, 4, 6, 8, 2, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThat(failure(resolution, broken)).hasMessage("Trade.quantity is double, but the job reads long");
    }

    @Test
    void allocatesOnlyTheResolvedRecord() throws Exception {
        Schema writers = Schemas.parse("""
                {"type":"record","name":"Fill","fields":[
                 {"name":"side","type":["null",{"type":"enum","name":"Side","symbols":["SELL","BUY"]}]},
                 {"name":"trade_id","type":"int"},{"name":"instrument_id","type":"long"},
                 {"name":"user_id","type":"long"},{"name":"trade_time","type":"long","logicalType":"timestamp-millis"},
                 {"name":"trade_px","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
                 {"name":"quantity","type":"long"}]}""", "the test");
        SchemaResolution resolution = resolution(writers, Schemas.TRADE);
        byte[] trade = {2, 0, 2, 4, 6, 8, 4, 0x0E, (byte) 0xDD, 12};
        assertThat(resolution.resolve(trade, 0)).containsExactly(2, 4, 6, 0xC0, 0x3E, 8, 0x02, 0x44, 0x98, 0xD0, 12, 2);
        long before = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i == 10_000) {
                before = ApacheAvro.allocated();
            }
            resolution.resolve(trade, 0);
        }
        assertThat((ApacheAvro.allocated() - before) / 10_000).isLessThan(64);
    }

    @Test
    void rejectsOverlongNumbers() {
        Schema writers = instrument(TICKER, ID, VALID_FROM, TYPE, "{\"name\": \"unread\", \"type\": \"int\"}");
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        byte[] good = {2, 'A', 2, 4, 0, 6};
        assertThatCode(() -> resolution.resolve(good, 0)).doesNotThrowAnyException();
        for (byte[] padded :
                new byte[][] {{2, 'A', (byte) 0x82, 0, 4, 0, 6}, {2, 'A', 2, 4, 0, (byte) 0x86, (byte) 0x80, 0}}) {
            assertThat(failure(resolution, padded).reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"string\"",
                "[\"null\", \"string\"]",
                "[\"null\", {\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 8, \"scale\": 3},"
                        + " \"string\"]",
            })
    void rejectsAPriceInTextThoughAvroAcceptsIt(String type) throws Exception {
        Schema writers =
                instrument(ID, VALID_FROM, TICKER, TYPE, "{\"name\": \"strike\", \"type\": " + type + "}", EXPIRY);
        incompatibility(writers, Schemas.INSTRUMENT);
    }

    @Test
    void namesTheFieldInAShortMessage() {
        assertThat(incompatibility(Schemas.TRADE, Schemas.USER).sentence()).hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1})
    void rejectsALengthBeyondTheDatumWithoutAllocatingIt(long length) {
        Schema writers = instrument(TICKER, ID, VALID_FROM, TYPE);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        byte[] datum = ApacheAvro.written(encoder -> {
            encoder.writeLong(length);
            encoder.writeFixed(new byte[10]);
        });
        failure(resolution, datum);

        long before = ApacheAvro.allocated();
        DecodeException failure = failure(resolution, datum);
        assertThat(ApacheAvro.allocated() - before).isLessThan(100_000);
        assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
    }

    /** Such items take no bytes, so that ten bytes can declare two billion of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"null\"",
                "{\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}",
                "{\"type\": \"record\", \"name\": \"Empty\", \"fields\": [{\"name\": \"n\", \"type\": \"null\"}]}",
                "{\"type\": \"fixed\", \"name\": \"Empty\", \"size\": 0}",
            })
    void doesNotIterateOverItemsThatTakeNoBytes(String items) {
        Schema writers = instrument(
                ID,
                VALID_FROM,
                TICKER,
                TYPE,
                "{\"name\": \"nothings\", \"type\": {\"type\": \"array\", \"items\": " + items + "}}");
        byte[] datum = ApacheAvro.written(encoder -> {
            encoder.writeLong(1);
            encoder.writeLong(2);
            encoder.writeString("SPY");
            encoder.writeEnum(2);
            encoder.writeLong(Integer.MAX_VALUE - 8);
            encoder.writeLong(0);
        });
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            try {
                SchemaResolution.between(writers, Schemas.INSTRUMENT).resolve(datum, 0);
            } catch (DecodeException expected) {
                assertThat(expected.reason()).isIn(Reason.INCOMPATIBLE_SCHEMA, Reason.MALFORMED);
            }
        });
    }

    static Iterable<String> writerTitles() {
        return otherWriters().keySet().stream().sorted().toList();
    }

    private static int readAsAvroReadsIt(SchemaResolution resolution, Schema writers, byte[] datum) {
        byte[] resolved;
        try {
            resolved = resolution.resolve(datum, 0);
        } catch (DecodeException refusal) {
            assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
            return 0;
        }
        assertThatCode(() -> assertThat(resolved)
                        .isEqualTo(ApacheAvro.encode(
                                ApacheAvro.RAW,
                                ApacheAvro.resolve(ApacheAvro.RAW, writers, Schemas.INSTRUMENT, datum))))
                .doesNotThrowAnyException();
        return 1;
    }

    private static SchemaResolution resolution(Schema writers, Schema readers) {
        try {
            SchemaResolution resolution = SchemaResolution.between(writers, readers);
            assertThat(resolution).as("the slow path").isNotNull();
            return resolution;
        } catch (DecodeException failure) {
            throw new AssertionError(failure);
        }
    }

    private static DecodeException incompatibility(Schema writers, Schema readers) {
        DecodeException failure =
                catchThrowableOfType(DecodeException.class, () -> SchemaResolution.between(writers, readers));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
        return failure;
    }

    private static DecodeException failure(SchemaResolution resolution, byte[] datum) {
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> resolution.resolve(datum, 0));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static byte[] prefixed(byte[] datum) {
        byte[] value = new byte[5 + datum.length];
        System.arraycopy(datum, 0, value, 5, datum.length);
        return value;
    }

    private static Schema instrument(String... fields) {
        return Schemas.parse(
                "{\"type\": \"record\", \"name\": \"Instrument\", \"namespace\": \"io.tradeenrichment\", \"fields\": ["
                        + String.join(", ", fields) + "]}",
                "the test");
    }
}
