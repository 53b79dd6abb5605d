package io.tradeenrichment.codec.resolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.RandomRecords;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.unit.DocumentedUnits;
import io.tradeenrichment.codec.unit.DocumentedUnits.Row;
import io.tradeenrichment.model.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Units of Avro, Kafka Connect and Debezium, and unknown ones. */
class UnitConversionTest {
    private static final String MILLIS = "\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
    private static final String NANOS = "\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}";
    private static final String ZONED =
            "\"type\":{\"type\":\"string\",\"connect.name\":\"io.debezium.time.ZonedTimestamp\"}";
    private static final String LOCAL = "\"type\":{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}";

    static List<Row> docs() {
        return DocumentedUnits.rows();
    }

    @ParameterizedTest
    @MethodSource("docs")
    void convertsAUnitAsTheDocsShow(Row row) throws Exception {
        if (row.isRejected()) {
            assertThat(incompatibility(row.job(), row.writers())).hasMessageContaining(row.field());
            return;
        }
        String path = row.job().getName() + "." + row.field();
        assertThat(SchemaResolution.resolve(row.writers(), row.job()).conversions())
                .filteredOn(conversion -> conversion.path().equals(path))
                .extracting(SchemaResolver.Conversion::conversion)
                .containsOnly(row.conversion());
        String[] values = row.example().split(" → ", -1);
        assertThat(text(row.field(), read(row.job(), row.writers(), row.field(), values[0])))
                .isEqualTo(values[1]);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # the unit is at the field or at the type or at both, of Avro, Connect or both
            "type":"long","logicalType":"timestamp-millis"                                        | 1795858200123000
            "type":["null","long"],"logicalType":"timestamp-millis"                               | 1795858200123000
            "type":["long","null"],"connect.name":"io.debezium.time.Timestamp"                    | 1795858200123000
            "type":{"type":"long","connect.name":"org.apache.kafka.connect.data.Timestamp","logicalType":"timestamp-millis"} | 1795858200123000
            "logicalType":"timestamp-millis","type":{"type":"long","logicalType":"timestamp-millis"} | 1795858200123000
            "type":{"type":"long","logical_type":"timestamp-millis"}                              | 1795858200123000
            "type":{"type":"long","logicalType":"timestamp-millis","sqlType":"93","columnName":"T"} | 1795858200123000
            "type":{"type":"long","java-class":"java.lang.Long"},"sqlType":"-5"                   | 1795858200123
            "type":{"type":"long","logicalType":null}                                             | 1795858200123
            "type":{"type":"long","connect.type":"int64","connect.doc":"when","connect.version":1} | 1795858200123
            """)
    void recognizesAUnitAtTheFieldAndAtTheType(String written, long expected) throws Exception {
        Schema writers = DocumentedUnits.writers(Schemas.TRADE, "trade_time", written);
        assertThat(read(Schemas.TRADE, writers, "trade_time", "1795858200123")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trade_time | "type":{"type":"long","logicalType":"timestamp-micros"},"logicalType":"timestamp-millis" | timestamp-micros and timestamp-millis, which contradict each other
            trade_time | "type":{"type":"long","logicalType":"timestamp-micros","connect.name":"io.debezium.time.NanoTimestamp"} | timestamp-micros and timestamp-nanos, which contradict each other
            trade_time | "type":{"type":"long","logicalType":"local-timestamp-micros","adjust-to-utc":true} | local-timestamp-micros and adjusted to UTC, which contradict each other
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":6},"scale":2 | a decimal of the scales 2 and 6, which contradict each other
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":6,"connect.parameters":{"scale":"4"}} | a decimal of the scales 4 and 6, which contradict each other
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2,"connect.parameters":{"connect.decimal.precision":"12"}} | a decimal of the precisions 9 and 12, which contradict each other
            trade_px   | "type":{"type":"bytes","logicalType":"timestamp-micros","precision":9} | timestamp-micros on the type bytes, which is not valid
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","scale":2} | a decimal without a precision, which is not valid
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":2,"scale":3} | decimal(2,3), which is not valid
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":0} | decimal(0,0), which is not valid
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":"ten"} | precision "ten", which the job does not understand
            trade_px   | "type":{"type":"bytes","connect.name":"org.apache.kafka.connect.data.Decimal"} | a decimal without a scale, which is not valid
            trade_px   | "type":{"type":"bytes","connect.name":"org.apache.kafka.connect.data.Decimal","connect.parameters":{"scale":"100000"}} | decimal(any,100000), which is not valid
            trade_px   | "type":"bytes","scale":2 | the scale 2, which implies a unit but does not name it
            trade_px   | "type":["null",{"type":"bytes","precision":9}] | the precision 9, which implies a unit but does not name it
            trade_time | "type":{"type":"long","logicalType":17} | logicalType "17", which the job does not understand
            trade_time | "type":"long","sqlType":"93" | sqlType "93", which implies a unit but does not name it
            trade_time | "type":{"type":"long","java-class":"java.util.Date"} | java-class "java.util.Date", which implies a unit but does not name it
            trade_time | "type":"long","time-unit":"ms" | time-unit "ms", which the job does not understand
            trade_time | "type":{"type":"long","logicalType":"timestamp-micros"},"timezone":"Europe/Paris" | timezone "Europe/Paris", which the job does not understand
            trade_time | "type":["null",{"type":"long","logicalType":"timestamp-millis"},{"type":"string","logicalType":"iso"}] | logicalType "iso", which the job does not understand
            side       | "type":{"type":"enum","name":"Side","symbols":["BUY","SELL"],"logicalType":"flag"} | logicalType "flag", which the job does not understand
            """)
    void rejectsAnUnknownUnitAndQuotesIt(String field, String written, String sentence) {
        Schema writers = DocumentedUnits.writers(Schemas.TRADE, field, written);
        assertThat(incompatibility(Schemas.TRADE, writers))
                .hasMessage("the writer's Trade." + field + " has " + sentence);
    }

    @Test
    void rejectsAUnitOfAnotherKindAndNamesIt() {
        Schema writers = DocumentedUnits.writers(Schemas.TRADE, "trade_time", LOCAL);
        assertThat(incompatibility(Schemas.TRADE, writers))
                .hasMessage("the writer's Trade.trade_time is local-timestamp-micros, which cannot be read as"
                        + " timestamp-micros");
        Schema date = DocumentedUnits.writers(
                Schemas.TRADE, "instrument_id", "\"type\":{\"type\":\"int\",\"logicalType\":\"date\"}");
        assertThat(incompatibility(Schemas.TRADE, date))
                .hasMessage("the writer's Trade.instrument_id is date, which cannot be read as a plain long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"type\":[\"null\",\"string\"]",
                "\"type\":[\"null\",{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":8,\"scale\":3},"
                        + "\"string\"]",
            })
    void rejectsAPriceInTextThoughAvroAcceptsIt(String written) {
        Schema writers = DocumentedUnits.writers(Schemas.INSTRUMENT, "strike", written);
        assertThat(incompatibility(Schemas.INSTRUMENT, writers)).hasMessageContaining("Instrument.strike");
    }

    @Test
    void ignoresUnitsOfUnusedFields() throws Exception {
        String more = Schemas.USER.toString().replace("\"fields\":[", """
                "fields":[{"name":"born","type":{"type":"long","logicalType":"julian"}},
                 {"name":"paid","type":{"type":"bytes","logicalType":"decimal"},"connect.name":"io.debezium.time.Year"},""");
        SchemaResolution resolution = SchemaResolution.between(Schemas.parse(more, "the test"), Schemas.USER);
        assertThat(resolution.resolve(new byte[] {8, 2, 0, 14, 6, 2, 'a'}, 0)).containsExactly(14, 6, 2, 'a');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trade_time | "type":{"type":"long","logicalType":"timestamp-nanos"}  | 1795858200123456789 | is 1795858200123456789 nanoseconds, which is not a whole number of microseconds
            trade_time | "type":{"type":"long","logicalType":"timestamp-nanos"}  | -1                  | is -1 nanoseconds, which is not a whole number of microseconds
            trade_time | "type":{"type":"long","logicalType":"timestamp-millis"} | 9223372036854776    | is 9223372036854776 milliseconds, which is more than 64 bits of microseconds hold
            trade_time | "type":{"type":"long","logicalType":"timestamp-millis"} | -9223372036854776   | is -9223372036854776 milliseconds, which is more than 64 bits of microseconds hold
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":20,"scale":8} | 38.05000001 | is 38.05000001, which has more decimal places than a decimal(18,6) holds
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":38,"scale":18} | 98765432198765.123456789012345678 | is 98765432198765.123456789012345678, which has more decimal places than a decimal(18,6) holds
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":2} | 1000000000000.00 | has more digits than a decimal(18,6) holds
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":2} | -1000000000000.00 | has more digits than a decimal(18,6) holds
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":18} | 999999999999999999 | has more digits than a decimal(18,6) holds
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":38,"scale":6} | 1000000000000.000000 | has more digits than a decimal(18,6) holds
            trade_px   | "type":{"type":"bytes","logicalType":"decimal","precision":60,"scale":2} | 12345678901234567890123456789012345678901234567890.25 | has more digits than a decimal(18,6) holds
            trade_px   | "type":{"type":"fixed","name":"Px","size":9,"logicalType":"decimal","precision":20,"scale":7} | -0.0000001 | is -1E-7, which has more decimal places than a decimal(18,6) holds
            """)
    void rejectsAValueThatCannotBeConvertedExactly(String field, String written, String value, String sentence) {
        DecodeException failure =
                failure(Schemas.TRADE, DocumentedUnits.writers(Schemas.TRADE, field, written), field, value);
        assertThat(failure).hasMessage("Trade." + field + " " + sentence);
        assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026-11-28T09:30:00.1234567Z      | which is not a whole number of microseconds
            2026-11-28T09:30:00               | which is not a time with an offset such as 2026-11-28T09:30:00.25Z
            infinity                          | which is not a time with an offset such as 2026-11-28T09:30:00.25Z
            +300000-01-01T00:00:00Z           | which is more than 64 bits of microseconds hold
            """)
    void rejectsATimeInTextThatCannotBeConvertedExactly(String value, String sentence) {
        Schema writers = DocumentedUnits.writers(Schemas.USER, "valid_from", ZONED);
        assertThat(failure(Schemas.USER, writers, "valid_from", value))
                .hasMessage("User.valid_from is \"" + value + "\", " + sentence);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1, 1_795_824_000_000_001L, Long.MAX_VALUE, -86_399_999_999L})
    void rejectsALocalTimeThatIsNotMidnightAsADate(long value) {
        Schema writers = DocumentedUnits.writers(Schemas.INSTRUMENT, "expiry", LOCAL);
        assertThat(failure(Schemas.INSTRUMENT, writers, "expiry", String.valueOf(value)))
                .hasMessage("Instrument.expiry is " + value + " microseconds, which is not a whole day");
    }

    @Test
    void convertsEveryTimestampThatFitsAndNoOther() throws Exception {
        Random random = new Random(31);
        Schema millis = DocumentedUnits.writers(Schemas.USER, "valid_from", MILLIS);
        Schema nanos = DocumentedUnits.writers(Schemas.USER, "valid_from", NANOS);
        for (int i = 0; i < 2_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            BigInteger micros = BigInteger.valueOf(value).multiply(BigInteger.valueOf(1_000));
            assertThat(readOrNull(Schemas.USER, millis, "valid_from", String.valueOf(value)))
                    .isEqualTo(micros.bitLength() < Long.SIZE ? micros.longValueExact() : null);
            long rounded = random.nextBoolean() ? value : value / 1_000 * 1_000;
            assertThat(readOrNull(Schemas.USER, nanos, "valid_from", String.valueOf(rounded)))
                    .isEqualTo(rounded % 1_000 == 0 ? rounded / 1_000 : null);
        }
    }

    /** Compared with BigDecimal: the same value within the digits of the job's type, or a rejection. */
    @Test
    void convertsEveryDecimalThatFitsAndNoOther() throws Exception {
        Random random = new Random(32);
        int read = 0;
        for (int i = 0; i < 4_000; i++) {
            int scale = random.nextInt(30);
            BigDecimal value = new BigDecimal(new BigInteger(random.nextInt(64), random), random.nextInt(8))
                    .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1))
                    .setScale(scale, RoundingMode.DOWN);
            int precision = Math.max(Math.max(scale, value.precision()), 1) + random.nextInt(3);
            boolean fixed = random.nextBoolean();
            Schema writers = DocumentedUnits.writers(
                    Schemas.TRADE,
                    "trade_px",
                    "\"type\":{" + (fixed ? "\"type\":\"fixed\",\"name\":\"Px\",\"size\":24" : "\"type\":\"bytes\"")
                            + ",\"logicalType\":\"decimal\",\"precision\":" + precision + ",\"scale\":" + scale + "}");
            byte[] decoded = (byte[]) readOrNull(Schemas.TRADE, writers, "trade_px", value.toPlainString());
            BigDecimal expected = fits(value) ? value.setScale(6) : null;
            assertThat(decoded == null ? null : new BigDecimal(new BigInteger(decoded), 6))
                    .as("%s of scale %d", value, scale)
                    .isEqualTo(expected);
            if (decoded != null && (fixed || scale != 6)) {
                assertThat(decoded)
                        .as("in as few bytes as it needs")
                        .isEqualTo(expected.unscaledValue().toByteArray());
            }
            read += decoded == null ? 0 : 1;
        }
        assertThat(read).isBetween(1_000, 3_500);
    }

    private static boolean fits(BigDecimal value) {
        BigDecimal exact = value.stripTrailingZeros();
        return exact.scale() <= 6 && exact.precision() - exact.scale() <= 12;
    }

    @Test
    void readsPaddedDecimalsAndRejectsVeryLongOnes() {
        Schema writers = DocumentedUnits.writers(
                Schemas.TRADE,
                "trade_px",
                "\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}");
        byte[] padded = new byte[100_000];
        padded[padded.length - 1] = 5;
        assertThat(new BigInteger(resolved(writers, padded))).isEqualTo(50_000);
        Arrays.fill(padded, (byte) 0xFF);
        assertThat(new BigInteger(resolved(writers, padded))).isEqualTo(-10_000);
        Arrays.fill(padded, (byte) 0x7F);
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> trade(writers, padded));
        assertThat(failure).hasMessage("Trade.trade_px has more digits than a decimal(18,6) holds");
        DecodeException empty = catchThrowableOfType(DecodeException.class, () -> trade(writers, new byte[0]));
        assertThat(empty.reason()).isEqualTo(Reason.MALFORMED);
    }

    private static byte[] resolved(Schema writers, byte[] price) {
        try {
            return ((ByteBuffer) ApacheAvro.decode(ApacheAvro.RAW, Schemas.TRADE, trade(writers, price))
                            .get("trade_px"))
                    .array();
        } catch (IOException | DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] trade(Schema writers, byte[] price) throws DecodeException {
        GenericRecord trade = RandomRecords.record(
                writers,
                1L,
                2L,
                3L,
                4L,
                ByteBuffer.wrap(price),
                5L,
                new RandomRecords(1).trade().get("side"));
        return SchemaResolution.between(writers, Schemas.TRADE).resolve(ApacheAvro.encode(ApacheAvro.RAW, trade), 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":6}",
                "\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":18,\"scale\":6",
                "\"type\":\"bytes\"",
                "\"type\":\"string\",\"avro.java.string\":\"String\"",
            })
    void readsADecimalThatNeedsNoConversionInPlace(String written) throws Exception {
        String field = written.contains("string") ? "username" : "trade_px";
        Schema job = field.equals("username") ? Schemas.USER : Schemas.TRADE;
        assertThat(SchemaResolution.between(DocumentedUnits.writers(job, field, written), job))
                .isNull();
    }

    /** Writes the value in a record of the writer's schema and reads it as the job does. */
    private static @Nullable Object read(Schema job, Schema writers, String field, String value) throws Exception {
        byte[] datum = ApacheAvro.written(encoder -> {
            for (Schema.Field each : writers.getFields()) {
                write(each.schema(), each.name().equals(field) ? value : "1", encoder);
            }
        });
        SchemaResolution resolution = SchemaResolution.between(writers, job);
        byte[] bytes = resolution == null ? datum : resolution.resolve(datum, 0);
        Object read = ApacheAvro.decode(ApacheAvro.RAW, job, bytes).get(field);
        return read instanceof ByteBuffer buffer ? buffer.array() : read;
    }

    private static void write(Schema type, String value, BinaryEncoder encoder) throws IOException {
        switch (type.getType()) {
            case INT -> encoder.writeInt(Integer.parseInt(value));
            case LONG -> encoder.writeLong(Long.parseLong(value));
            case STRING -> encoder.writeString(value);
            case ENUM -> encoder.writeEnum(0);
            case BYTES ->
                encoder.writeBytes(new BigDecimal(value).unscaledValue().toByteArray());
            case FIXED -> {
                BigInteger unscaled = new BigDecimal(value).unscaledValue();
                byte[] fixed = new byte[type.getFixedSize()];
                Arrays.fill(fixed, (byte) unscaled.signum() < 0 ? (byte) -1 : 0);
                byte[] digits = unscaled.toByteArray();
                System.arraycopy(digits, 0, fixed, fixed.length - digits.length, digits.length);
                encoder.writeFixed(fixed);
            }
            case UNION -> {
                int branch = type.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0;
                encoder.writeIndex(branch);
                write(type.getTypes().get(branch), value, encoder);
            }
            default -> throw new IllegalArgumentException(type.toString());
        }
    }

    /** The value as in the docs: a decimal has the job's scale. */
    private static String text(String field, @Nullable Object value) {
        if (value instanceof byte[] bytes) {
            Schema type = field.equals("strike")
                    ? Schemas.INSTRUMENT.getField(field).schema().getTypes().get(1)
                    : Schemas.TRADE.getField(field).schema();
            int scale = ((LogicalTypes.Decimal) type.getLogicalType()).getScale();
            return new BigDecimal(new BigInteger(bytes), scale).toPlainString();
        }
        return String.valueOf(value);
    }

    private static @Nullable Object readOrNull(Schema job, Schema writers, String field, String value)
            throws Exception {
        try {
            return read(job, writers, field, value);
        } catch (DecodeException failure) {
            assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_RANGE);
            return null;
        }
    }

    private static DecodeException failure(Schema job, Schema writers, String field, String value) {
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> read(job, writers, field, value));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static DecodeException incompatibility(Schema job, Schema writers) {
        DecodeException failure =
                catchThrowableOfType(DecodeException.class, () -> SchemaResolution.between(writers, job));
        assertThat(failure).as("%s", writers).isNotNull();
        assertThat(failure.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
        return failure;
    }
}
