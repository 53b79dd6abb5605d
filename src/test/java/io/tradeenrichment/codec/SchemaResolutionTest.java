package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tradeenrichment.model.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** What a writer may have changed and can still be read, each with the fields of its schema. */
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
                        KnownSchemas.parse(
                                instrument(ID, VALID_FROM, TICKER, TYPE)
                                        .toString()
                                        .replace("io.tradeenrichment", "com.exchange"),
                                "the test")));
    }

    @ParameterizedTest
    @MethodSource("writerTitles")
    void makesTheRecordThatAvroMakes(String title) throws Exception {
        Schema writers = otherWriters().get(title);
        Specimens specimens = new Specimens(8);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        for (int i = 0; i < 500; i++) {
            byte[] datum = randomDatum(writers, specimens);
            byte[] byAvro = Oracle.encode(Oracle.RAW, Oracle.resolve(Oracle.RAW, writers, Schemas.INSTRUMENT, datum));
            assertThat(resolution.resolve(prefixed(datum), 5)).isEqualTo(byAvro);
        }
    }

    @ParameterizedTest
    @MethodSource("writerTitles")
    void refusesEveryTruncationAndByteTooMany(String title) {
        Schema writers = otherWriters().get(title);
        Specimens specimens = new Specimens(9);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        for (int i = 0; i < 100; i++) {
            byte[] good = randomDatum(writers, specimens);
            for (int end = 0; end < good.length; end++) {
                assertThat(refusal(resolution, Arrays.copyOf(good, end)).reason())
                        .isEqualTo(Reason.MALFORMED);
            }
            assertThat(refusal(resolution, Arrays.copyOf(good, good.length + 1)).reason())
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @MethodSource("writerTitles")
    void neverThrowsAnythingButARefusalAndTakesOnlyWhatAvroTakes(String title) throws Exception {
        Schema writers = otherWriters().get(title);
        Specimens specimens = new Specimens(10);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        for (int i = 0; i < 100; i++) {
            byte[] datum = randomDatum(writers, specimens);
            for (int bit = 0; bit < datum.length * 8; bit++) {
                datum[bit / 8] ^= (byte) (1 << bit % 8);
                takenAsAvroTakesIt(resolution, writers, datum);
                datum[bit / 8] ^= (byte) (1 << bit % 8);
            }
            takenAsAvroTakesIt(resolution, writers, datum);
        }
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = specimens.bytes(specimens.below(40));
            for (int at = 0; at < bytes.length && (i & 1) == 0; at++) {
                bytes[at] &= 0x07;
            }
            takenAsAvroTakesIt(resolution, writers, bytes);
        }
    }

    @Test
    void findsARenamedFieldByTheJobsAlias() throws Exception {
        Schema job = KnownSchemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"username\"", "\"name\":\"username\",\"aliases\":[\"nick\"]"),
                "the test");
        Schema writers = user("nick", "timestamp-micros");
        SchemaResolution resolution = resolution(writers, job);
        byte[] datum = Oracle.encode(Oracle.RAW, Specimens.record(writers, 1L, 2L, "DiamondHands"));
        assertThat(resolution.resolve(datum, 0))
                .isEqualTo(Oracle.encode(Oracle.RAW, Specimens.record(Schemas.USER, 1L, 2L, "DiamondHands")));
    }

    @Test
    void findsARenamedRecordByTheJobsAlias() throws Exception {
        Schema job = KnownSchemas.parse(
                Schemas.USER.toString().replace("\"name\":\"User\"", "\"name\":\"User\",\"aliases\":[\"Trader\"]"),
                "the test");
        Schema writers = KnownSchemas.parse(
                Schemas.USER.toString().replace("\"name\":\"User\"", "\"name\":\"Trader\""), "the test");
        byte[] datum = Oracle.encode(Oracle.RAW, Specimens.record(writers, 1L, 2L, "DiamondHands"));
        assertThat(resolution(writers, job).resolve(datum, 0)).isEqualTo(datum);
        assertThat(incompatibility(writers, Schemas.USER)).hasMessageContaining("Trader");
    }

    @Test
    void comparesUnitsAlsoWhereAnAliasNamesTheField() {
        Schema job = KnownSchemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"valid_from\"", "\"name\":\"valid_from\",\"aliases\":[\"since\"]"),
                "the test");
        Schema writers = KnownSchemas.parse(
                Schemas.USER.toString().replace("valid_from", "since").replace("timestamp-micros", "timestamp-millis"),
                "the test");
        assertThat(incompatibility(writers, job))
                .hasMessage(
                        "the writer's User.valid_from is timestamp-millis, which would be read as timestamp-micros");
    }

    /** Avro applies a field's alias only in a record of the same full name; without it the default would stand. */
    @Test
    void refusesAnAliasThatAvroWouldNotFollowIntoAnotherNamespace() {
        Schema job = KnownSchemas.parse(
                Schemas.INSTRUMENT
                        .toString()
                        .replace("\"name\":\"strike\"", "\"name\":\"strike\",\"aliases\":[\"strike_px\"]"),
                "the test");
        Schema writers = KnownSchemas.parse(
                Schemas.INSTRUMENT
                        .toString()
                        .replace("\"strike\"", "\"strike_px\"")
                        .replace("io.tradeenrichment", "com.exchange"),
                "the test");
        incompatibility(writers, job);
    }

    @Test
    void refusesAWriterInWhichTwoFieldsAnswerToOneName() {
        Schema job = KnownSchemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"username\"", "\"name\":\"username\",\"aliases\":[\"nick\"]"),
                "the test");
        Schema writers = KnownSchemas.parse(
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
    void refusesASchemaThatIsNoSuchRecord(String json) {
        incompatibility(KnownSchemas.parse(json, "the test"), Schemas.USER);
    }

    @Test
    void refusesAUnionThatHoldsTheRecord() {
        incompatibility(Schema.createUnion(Schemas.USER), Schemas.USER);
    }

    @Test
    void refusesAWriterWhichLacksAFieldThatHasNoDefault() {
        assertThat(incompatibility(instrument(ID, VALID_FROM, TYPE), Schemas.INSTRUMENT))
                .hasMessageContaining("ticker");
    }

    @Test
    void refusesAWriterWhoseEnumHasMoreSymbols() {
        Schema writers = KnownSchemas.parse(
                Schemas.INSTRUMENT.toString().replace("\"STOCK\"", "\"STOCK\",\"FUTURE\""), "the test");
        assertThat(incompatibility(writers, Schemas.INSTRUMENT)).hasMessageContaining("FUTURE");
    }

    @ParameterizedTest
    @CsvSource({
        "timestamp-micros, timestamp-millis",
        "timestamp-micros, timestamp-nanos",
        "timestamp-micros, local-timestamp-micros",
        "'\"precision\":18,\"scale\":6', '\"precision\":10,\"scale\":4'",
        "'\"precision\":18,\"scale\":6', '\"precision\":18,\"scale\":5'",
    })
    void refusesATradeInOtherUnitsThoughAvroReadsIt(String ours, String theirs) throws Exception {
        Schema writers = KnownSchemas.parse(Schemas.TRADE.toString().replace(ours, theirs), "the test");
        assertThat(writers).isNotEqualTo(Schemas.TRADE);
        byte[] datum = {2, 4, 6, 8, 2, 5, 12, 0};
        Oracle.resolve(Oracle.RAW, writers, Schemas.TRADE, datum);
        assertThat(incompatibility(writers, Schemas.TRADE)).hasMessageContaining("which would be read as");
    }

    @Test
    void saysWhichUnitsDiffer() {
        Schema writers = KnownSchemas.parse(
                Schemas.TRADE.toString().replace("\"precision\":18,\"scale\":6", "\"precision\":10,\"scale\":4"),
                "the test");
        assertThat(incompatibility(writers, Schemas.TRADE))
                .hasMessage("the writer's Trade.trade_px is decimal(10,4), which would be read as decimal(18,6)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"string\"",
                "[\"null\", \"string\"]",
                "[\"null\", {\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 8, \"scale\": 3},"
                        + " \"string\"]",
            })
    void refusesAPriceInTextWhichAvroWouldReadAsDigits(String type) throws Exception {
        Schema writers =
                instrument(ID, VALID_FROM, TICKER, TYPE, "{\"name\": \"strike\", \"type\": " + type + "}", EXPIRY);
        incompatibility(writers, Schemas.INSTRUMENT);
    }

    @Test
    void namesTheFieldThatDoesNotFitInAMessageOfReasonableLength() {
        assertThat(incompatibility(Schemas.TRADE, Schemas.USER).sentence()).hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1})
    void refusesAnAbsurdLengthWithoutAllocatingIt(long length) {
        Schema writers = instrument(TICKER, ID, VALID_FROM, TYPE);
        SchemaResolution resolution = resolution(writers, Schemas.INSTRUMENT);
        byte[] datum = Oracle.written(encoder -> {
            encoder.writeLong(length);
            encoder.writeFixed(new byte[10]);
        });
        refusal(resolution, datum);

        long before = Oracle.allocated();
        Refusal refusal = refusal(resolution, datum);
        assertThat(Oracle.allocated() - before).isLessThan(100_000);
        assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
    }

    /** Such items take no bytes, so that ten of them can claim to be two thousand million. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"null\"",
                "{\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}",
                "{\"type\": \"record\", \"name\": \"Empty\", \"fields\": [{\"name\": \"n\", \"type\": \"null\"}]}",
                "{\"type\": \"fixed\", \"name\": \"Empty\", \"size\": 0}",
            })
    void doesNotCountThroughItemsThatTakeNoBytes(String items) {
        Schema writers = instrument(
                ID,
                VALID_FROM,
                TICKER,
                TYPE,
                "{\"name\": \"nothings\", \"type\": {\"type\": \"array\", \"items\": " + items + "}}");
        byte[] datum = Oracle.written(encoder -> {
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
            } catch (Refusal expected) {
                assertThat(expected.reason()).isIn(Reason.INCOMPATIBLE_SCHEMA, Reason.MALFORMED);
            }
        });
    }

    static Iterable<String> writerTitles() {
        return otherWriters().keySet().stream().sorted().toList();
    }

    private static void takenAsAvroTakesIt(SchemaResolution resolution, Schema writers, byte[] datum) {
        byte[] resolved;
        try {
            resolved = resolution.resolve(datum, 0);
        } catch (Refusal refusal) {
            assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
            return;
        }
        assertThatCode(() -> assertThat(resolved)
                        .isEqualTo(Oracle.encode(
                                Oracle.RAW, Oracle.resolve(Oracle.RAW, writers, Schemas.INSTRUMENT, datum))))
                .doesNotThrowAnyException();
    }

    private static SchemaResolution resolution(Schema writers, Schema readers) {
        try {
            SchemaResolution resolution = SchemaResolution.between(writers, readers);
            assertThat(resolution).as("the slow path").isNotNull();
            return resolution;
        } catch (Refusal refusal) {
            throw new AssertionError(refusal);
        }
    }

    private static Refusal incompatibility(Schema writers, Schema readers) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> SchemaResolution.between(writers, readers));
        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
        return refusal;
    }

    private static Refusal refusal(SchemaResolution resolution, byte[] datum) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> resolution.resolve(datum, 0));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static byte[] prefixed(byte[] datum) {
        byte[] value = new byte[5 + datum.length];
        System.arraycopy(datum, 0, value, 5, datum.length);
        return value;
    }

    private static Schema instrument(String... fields) {
        return KnownSchemas.parse(
                "{\"type\": \"record\", \"name\": \"Instrument\", \"namespace\": \"io.tradeenrichment\", \"fields\": ["
                        + String.join(", ", fields) + "]}",
                "the test");
    }

    private static Schema user(String name, String unit) {
        return KnownSchemas.parse(
                Schemas.USER.toString().replace("username", name).replace("timestamp-micros", unit), "the test");
    }

    private static byte[] randomDatum(Schema schema, Specimens specimens) {
        return Oracle.written(encoder -> {
            for (Schema.Field field : schema.getFields()) {
                write(field.schema(), specimens, encoder);
            }
        });
    }

    private static void write(Schema schema, Specimens specimens, BinaryEncoder encoder) throws IOException {
        switch (schema.getType()) {
            case NULL -> {}
            case INT -> encoder.writeInt((int) specimens.number());
            case LONG -> encoder.writeLong(specimens.number());
            case DOUBLE -> encoder.writeDouble(specimens.number());
            case STRING -> encoder.writeString(specimens.root());
            case BYTES -> encoder.writeBytes(specimens.bytes(specimens.below(10)));
            case FIXED -> encoder.writeFixed(specimens.bytes(schema.getFixedSize()));
            case ENUM ->
                encoder.writeEnum(specimens.below(schema.getEnumSymbols().size()));
            case UNION -> {
                int branch = specimens.below(schema.getTypes().size());
                encoder.writeIndex(branch);
                write(schema.getTypes().get(branch), specimens, encoder);
            }
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    write(field.schema(), specimens, encoder);
                }
            }
            case ARRAY, MAP -> {
                for (int blocks = specimens.below(3); blocks > 0; blocks--) {
                    encoder.writeLong(1);
                    if (schema.getType() == Schema.Type.MAP) {
                        encoder.writeString("key");
                        write(schema.getValueType(), specimens, encoder);
                    } else {
                        write(schema.getElementType(), specimens, encoder);
                    }
                }
                encoder.writeLong(0);
            }
            default -> throw new IllegalArgumentException(schema.toString());
        }
    }
}
