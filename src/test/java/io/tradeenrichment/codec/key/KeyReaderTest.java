package io.tradeenrichment.codec.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads keys as Kafka's serializers, Avro, Kafka Connect and Debezium write them, and similar invalid keys. */
class KeyReaderTest {
    private static final long[] IDS = {
        0,
        1,
        -1,
        5,
        10,
        63,
        64,
        -64,
        -65,
        8191,
        1_000_000_007L,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        9_007_199_254_740_993L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1
    };
    private static final byte[] A_VALUE = {1};
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    /** The key of a table in PostgreSQL or MySQL. */
    private static final Schema DEBEZIUM = parse("""
            {"type":"record","name":"Key","namespace":"crm.public.users","connect.name":"crm.public.users.Key",
             "fields":[{"name":"user_id","type":"long"}]}""");

    /** With the field that Debezium's router adds if several tables share a topic. */
    private static final Schema DEBEZIUM_WITH_ROUTER = parse("""
            {"type":"record","name":"Key","namespace":"routed","connect.name":"routed.Key","fields":[
             {"name":"user_id","type":{"type":"int","connect.type":"int16"}},
             {"name":"__dbz__physicalTableIdentifier","type":["null","string"],"default":null}]}""");

    private final Map<Long, Schema> registry = new HashMap<>();
    private int lookups;

    @Test
    void readsTheKeysOfKafkasSerializers() throws Exception {
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            long id = i < IDS.length ? IDS[i] : random.nextLong() >> random.nextInt(64);
            assertThat(id(KeyFormat.BIG_ENDIAN, new LongSerializer().serialize("t", id)))
                    .isEqualTo(id);
            assertThat(id(KeyFormat.TEXT, new StringSerializer().serialize("t", Long.toString(id))))
                    .isEqualTo(id);
            assertThat(id(KeyFormat.AVRO, singleObject(Schema.create(Schema.Type.LONG), id)))
                    .isEqualTo(id);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyFormat.class)
    void readsTheKeysOfTheKeyWriter(KeyFormat format) throws Exception {
        KeyWriter writer = KeyWriter.singleObject(format);
        for (long id : IDS) {
            assertThat(id(format, writer.key(id))).isEqualTo(id);
        }
    }

    /** Each is a number, but another text for it than Java writes, so compaction would treat it as another key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+5",
                "05",
                "-05",
                "-0",
                "00",
                " 5",
                "5 ",
                "5\n",
                "5.0",
                "5L",
                "0x5",
                "5e0",
                "1_000",
                "1,000",
                "\"5\"",
                "{\"id\":5}",
                "null",
                "9223372036854775808",
                "-9223372036854775809",
                "9999999999999999999",
                "18446744073709551621",
                "100000000000000000000",
                "٥",
                "５",
                "5\0",
                "/",
                ":"
            })
    void rejectsTextThatIsNotTheCanonicalFormOfAnId(String text) {
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        assertThat(failure(KeyFormat.TEXT, key, A_VALUE).sentence())
                .startsWith(
                        "the key must be the user's id in decimal digits, without a plus sign, leading zeros, blanks"
                                + " or quotes (dimensions.user.key-format is text), but it is ");
        assertThat(failure(KeyFormat.TEXT, key, null).reason()).isEqualTo(Reason.WRONG_KEY);
    }

    @Test
    void acceptsTextIfAndOnlyIfJavaWritesTheSame() {
        var random = new Random(12);
        String alphabet = "-+0123456789 ";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(21); left >= 0; left--) {
                text.append(alphabet.charAt(random.nextInt(i % 2 == 0 ? alphabet.length() : 11)));
            }
            boolean canonical;
            try {
                canonical = Long.toString(Long.parseLong(text.toString())).contentEquals(text);
            } catch (NumberFormatException e) {
                canonical = false;
            }
            assertThat(TextKeyReader.isId(text.toString().getBytes(StandardCharsets.US_ASCII)))
                    .as(text.toString())
                    .isEqualTo(canonical);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyFormat.class)
    void allocatesNothing(KeyFormat format) throws Exception {
        KeyReader reader = reader(format, Dimension.USER, Framing.SINGLE_OBJECT);
        SourceRecord record = record(KeyWriter.singleObject(format).key(-1_234_567_890_123L), A_VALUE);
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += reader.id(record);
        }
        long before = ApacheAvro.allocated();
        for (int i = 0; i < 10_000; i++) {
            sum += reader.id(record);
        }
        assertThat(ApacheAvro.allocated() - before).isLessThan(10_000);
        assertThat(sum).isEqualTo(30_000 * -1_234_567_890_123L);
    }

    @Test
    void namesTheSettingAndTheKeyInTheMessage() {
        assertThat(failure(KeyFormat.BIG_ENDIAN, "42".getBytes(StandardCharsets.US_ASCII), A_VALUE)
                        .sentence())
                .isEqualTo("the key must be the user's id in eight bytes, big-endian (dimensions.user.key-format is"
                        + " big-endian), but it is \"42\", 2 bytes; this looks like the format text");
        assertThat(failure(KeyFormat.TEXT, DatumBuffer.key(42), A_VALUE).sentence())
                .endsWith("but it is 00 00 00 00 00 00 00 2A, 8 bytes; this looks like the format big-endian");
        assertThat(failure(KeyFormat.TEXT, "{\"id\":42}".getBytes(StandardCharsets.US_ASCII), A_VALUE)
                        .sentence())
                .endsWith(
                        "but it is \"{\\\"id\\\":42}\", 9 bytes; JSON is not read, so the key must be the id alone, as text"
                                + " or as bytes");
        assertThat(failure(KeyFormat.BIG_ENDIAN, singleObject(Schema.create(Schema.Type.LONG), 42L), A_VALUE)
                        .sentence())
                .endsWith("11 bytes; this looks like the format avro");
        assertThat(failure(KeyFormat.AVRO, "42".getBytes(StandardCharsets.US_ASCII), A_VALUE)
                        .sentence())
                .isEqualTo(
                        "the key must be the user's id in Avro with single-object framing (dimensions.user.key-format"
                                + " is avro), but it is \"42\", 2 bytes; this looks like the format text");
        for (KeyFormat format : KeyFormat.values()) {
            assertThat(failure(format, null, null).sentence()).endsWith(", but there is none");
            assertThat(failure(format, new byte[0], null).sentence()).endsWith(", but it is empty");
        }
    }

    @Test
    void truncatesAndEscapesTheKeyInTheMessage() {
        byte[] huge = new byte[1 << 20];
        Arrays.fill(huge, (byte) 0x1B);
        for (KeyFormat format : KeyFormat.values()) {
            assertThat(failure(format, huge, A_VALUE).sentence())
                    .hasSizeLessThan(400)
                    .contains("1B 1B …, 1048576 bytes")
                    .matches("[ -~…]*");
            byte[] quotes = "\"".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            assertThat(failure(format, quotes, A_VALUE).sentence())
                    .hasSizeLessThan(400)
                    .contains("\\\"\" …, 1000 bytes");
        }
    }

    /** Read as a number, each would delete an id above 2 * 10^18, which no row has. */
    @ParameterizedTest
    @ValueSource(strings = {"12345678", "-1234567", "00000005", "{\"id\":5}", "{\"k\":77}", "\"123456\"", "\"abcdef\""})
    void rejectsATombstoneWhoseEightBytesAreTextOrJson(String text) throws Exception {
        byte[] key = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(key).hasSize(8);
        assertThat(failure(KeyFormat.BIG_ENDIAN, key, null).sentence())
                .contains("but it is \"")
                .contains("8 bytes");
        // With a value, the id in the row is compared with the key.
        assertThat(id(KeyFormat.BIG_ENDIAN, key)).isEqualTo(new BigInteger(key).longValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0123456-", "abcdefgh", "        ", "{\"id\":5 ", "1234567 ", "{\t23456}", "\"23\u007F567\""})
    void acceptsATombstoneWhoseEightBytesAreNeitherTextNorJson(String text) throws Exception {
        byte[] key = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(reader(KeyFormat.BIG_ENDIAN, Dimension.USER, Framing.SINGLE_OBJECT)
                        .id(record(key, null)))
                .isEqualTo(new BigInteger(key).longValue());
    }

    @Test
    void readsAvroKeysOfSeveralSchemas() throws Exception {
        for (long id : IDS) {
            assertThat(id(KeyFormat.AVRO, registered(DEBEZIUM, record(DEBEZIUM, id)), Framing.CONFLUENT))
                    .isEqualTo(id);
            Schema nullable = parse("[\"null\",\"long\"]");
            assertThat(id(KeyFormat.AVRO, registered(nullable, id), Framing.CONFLUENT))
                    .isEqualTo(id);
            Schema reversed = parse("[\"long\",\"null\"]");
            assertThat(id(KeyFormat.AVRO, registered(reversed, id), Framing.CONFLUENT))
                    .isEqualTo(id);
            Schema otherName = parse("{\"type\":\"record\",\"name\":\"K\",\"fields\":[{\"name\":\"ID\",\"type\":"
                    + "[\"null\",{\"type\":\"long\",\"connect.doc\":\"the id\"}]}]}");
            assertThat(id(KeyFormat.AVRO, registered(otherName, record(otherName, id)), Framing.CONFLUENT))
                    .isEqualTo(id);
            Schema optional = parse("[\"null\"," + DEBEZIUM + "]");
            assertThat(id(KeyFormat.AVRO, registered(optional, record(DEBEZIUM, id)), Framing.CONFLUENT))
                    .isEqualTo(id);
        }
        assertThat(id(
                        KeyFormat.AVRO,
                        registered(DEBEZIUM_WITH_ROUTER, record(DEBEZIUM_WITH_ROUTER, 77, "crm.users")),
                        Framing.CONFLUENT))
                .isEqualTo(77);
        assertThat(id(
                        KeyFormat.AVRO,
                        registered(DEBEZIUM_WITH_ROUTER, record(DEBEZIUM_WITH_ROUTER, -1, null)),
                        Framing.CONFLUENT))
                .isEqualTo(-1);
        assertThat(id(KeyFormat.AVRO, registered(Schema.create(Schema.Type.INT), 9), Framing.CONFLUENT))
                .isEqualTo(9);
    }

    @Test
    void readsPlainNumbersWithSingleObjectFramingWithoutASchema() throws Exception {
        assertThat(id(KeyFormat.AVRO, singleObject(Schema.create(Schema.Type.INT), 6)))
                .isEqualTo(6);
        assertThat(lookups).isZero();
        byte[] key = singleObject(DEBEZIUM, record(DEBEZIUM, 8L));
        assertThat(failure(KeyFormat.AVRO, key, null).sentence())
                .contains("no schema with the fingerprint 0x")
                .endsWith("; name the key's .avsc file in wire.writer-schemas");

        registry.put(Framing.fingerprint(DEBEZIUM), DEBEZIUM);
        assertThat(id(KeyFormat.AVRO, key)).isEqualTo(8);
    }

    @Test
    void readsTheIdByItsNameAmongOtherFields() throws Exception {
        Schema schema = parse("""
                {"type":"record","name":"K","fields":[
                 {"name":"tenant","type":"string"},
                 {"name":"flags","type":"bytes"},
                 {"name":"on","type":"boolean"},
                 {"name":"ratio","type":"float"},
                 {"name":"rate","type":"double"},
                 {"name":"mark","type":{"type":"fixed","name":"F","size":3}},
                 {"name":"kind","type":{"type":"enum","name":"E","symbols":["A","B"]}},
                 {"name":"at","type":["int",{"type":"long","logicalType":"timestamp-millis"},"null"]},
                 {"name":"instrument_id","type":["null","int"]},
                 {"name":"nothing","type":"null"},
                 {"name":"region","type":"string"}]}""");
        GenericRecord key = record(
                schema,
                "a tenant",
                ByteBuffer.wrap(new byte[] {1, 2}),
                true,
                1f,
                2d,
                new GenericData.Fixed(schema.getField("mark").schema(), new byte[] {1, 2, 3}),
                new GenericData.EnumSymbol(schema.getField("kind").schema(), "B"),
                5L,
                4711,
                null,
                "r");
        byte[] bytes = registered(schema, key);
        KeyReader reader = reader(KeyFormat.AVRO, Dimension.INSTRUMENT, Framing.CONFLUENT);
        assertThat(reader.id(record(bytes, null))).isEqualTo(4711);
        for (int end = 0; end < bytes.length; end++) {
            byte[] cut = Arrays.copyOf(bytes, end);
            assertThat(catchThrowableOfType(DecodeException.class, () -> reader.id(record(cut, null)))
                            .reason())
                    .isEqualTo(Reason.WRONG_KEY);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThat(catchThrowableOfType(DecodeException.class, () -> reader.id(record(longer, null))))
                .hasMessageContaining("1 bytes after its end");
    }

    /** @param sentence the expected message */
    private record InvalidSchema(String schema, String sentence) {}

    @Test
    void rejectsASchemaWithoutACertainId() {
        for (InvalidSchema noId : List.of(
                new InvalidSchema("\"string\"", "it is not a plain int or long"),
                new InvalidSchema("\"null\"", "it is not a plain int or long"),
                new InvalidSchema("\"bytes\"", "it is not a plain int or long"),
                new InvalidSchema("[\"null\"]", "it is not a plain int or long"),
                new InvalidSchema("[\"long\",\"string\"]", "it is not a plain int or long"),
                new InvalidSchema("{\"type\":\"array\",\"items\":\"long\"}", "it is not a plain int or long"),
                new InvalidSchema(
                        "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", "it is not a plain int or long"),
                new InvalidSchema(
                        "{\"type\":\"int\",\"connect.name\":\"io.debezium.time.Date\"}",
                        "it is not a plain int or long"),
                new InvalidSchema(
                        key("{\"name\":\"user_id\",\"type\":\"long\",\"logicalType\":\"time-micros\"}"),
                        "its field user_id is not a plain int or long"),
                new InvalidSchema(
                        key("{\"name\":\"user_id\",\"type\":{\"type\":\"long\",\"connect.name\":"
                                + "\"org.apache.kafka.connect.data.Timestamp\"}}"),
                        "its field user_id is not a plain int or long"),
                new InvalidSchema(
                        key("{\"name\":\"user_id\",\"type\":\"string\"}"),
                        "its field user_id is not a plain int or long"),
                new InvalidSchema(key(""), "its record K has 0 fields, none of them named user_id"),
                new InvalidSchema(
                        key("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":\"long\"}"),
                        "its record K has 2 fields, none of them named user_id"),
                new InvalidSchema(
                        key("{\"name\":\"instrument_id\",\"type\":\"long\"}"),
                        "its field instrument_id is the id of the instrument, another dimension"),
                new InvalidSchema(
                        key("{\"name\":\"user_id\",\"type\":\"long\"},{\"name\":\"m\",\"type\":{\"type\":\"map\","
                                + "\"values\":\"null\"}}"),
                        "its field m is a collection or a record"))) {
            Schema schema = parse(noId.schema());
            registry.put(1L, schema);
            assertThat(failure(KeyFormat.AVRO, new byte[] {0, 0, 0, 0, 1, 2}, null, Framing.CONFLUENT)
                            .sentence())
                    .as(noId.schema())
                    .startsWith("the key must be the user's id in Avro with confluent framing"
                            + " (dimensions.user.key-format is avro), but it is 00 00 00 00 01 02, 6 bytes: "
                            + noId.sentence());
        }
    }

    @Test
    void rejectsNullIdsAndNumbersOutOfRange() throws Exception {
        Schema nullable = parse(key("{\"name\":\"id\",\"type\":[\"null\",\"long\"]}"));
        assertThat(failure(
                                KeyFormat.AVRO,
                                registered(nullable, record(nullable, (Object) null)),
                                null,
                                Framing.CONFLUENT)
                        .sentence())
                .endsWith(": its field id is null");
        Schema optional = parse("[" + nullable + ",\"null\"]");
        assertThat(failure(KeyFormat.AVRO, registered(optional, null), null, Framing.CONFLUENT)
                        .sentence())
                .endsWith(": it is null");
        registry.put(5L, Schema.create(Schema.Type.INT));
        byte[] tooLarge = new DatumBuffer()
                .writeRaw(new byte[] {0, 0, 0, 0, 5}, 0, 5)
                .writeLong(1L << 31)
                .toBytes();
        assertThat(failure(KeyFormat.AVRO, tooLarge, null, Framing.CONFLUENT).sentence())
                .contains("has 2147483648 where a 32-bit number is expected");
    }

    @Test
    void looksUpASchemaOnceButAnUnknownOneEachTime() throws Exception {
        byte[] key = registered(DEBEZIUM, record(DEBEZIUM, 3L));
        byte[] noId = registered(parse("\"string\""), "x");
        KeyReader reader = reader(KeyFormat.AVRO, Dimension.USER, Framing.CONFLUENT);
        for (int i = 0; i < 3; i++) {
            assertThat(reader.id(record(key, null))).isEqualTo(3);
            assertThat(catchThrowableOfType(DecodeException.class, () -> reader.id(record(noId, null))))
                    .hasMessageContaining("not a plain int or long");
        }
        assertThat(lookups).isEqualTo(2);
        for (int i = 0; i < 2; i++) {
            assertThat(catchThrowableOfType(
                            DecodeException.class, () -> reader.id(record(new byte[] {0, 0, 0, 9, 9, 2}, null))))
                    .hasMessageContaining("no schema with the id 2313")
                    .extracting(DecodeException::reason)
                    .isEqualTo(Reason.WRONG_KEY);
        }
        assertThat(lookups).isEqualTo(4);
    }

    private long id(KeyFormat format, byte[] key) throws Exception {
        return id(format, key, Framing.SINGLE_OBJECT);
    }

    private long id(KeyFormat format, byte[] key, Framing framing) throws Exception {
        return reader(format, Dimension.USER, framing).id(record(key, A_VALUE));
    }

    private DecodeException failure(KeyFormat format, byte @Nullable [] key, byte @Nullable [] value) {
        return failure(format, key, value, Framing.SINGLE_OBJECT);
    }

    private DecodeException failure(KeyFormat format, byte @Nullable [] key, byte @Nullable [] value, Framing framing) {
        DecodeException failure = catchThrowableOfType(
                DecodeException.class,
                () -> reader(format, Dimension.USER, framing).id(record(key, value)));
        assertThat(failure).as(key == null ? "no key" : HEX.formatHex(key)).isNotNull();
        assertThat(failure.reason()).isEqualTo(Reason.WRONG_KEY);
        return failure;
    }

    private KeyReader reader(KeyFormat format, Dimension dimension, Framing framing) {
        WriterSchemas writers = key -> {
            lookups++;
            Schema schema = registry.get(key);
            if (schema != null) {
                return schema;
            }
            throw new DecodeException(
                    Reason.UNKNOWN_SCHEMA,
                    framing == Framing.CONFLUENT
                            ? "no schema with the id " + key
                            : String.format("no schema with the fingerprint 0x%016X is known", key));
        };
        return new WireFormat(
                        framing,
                        writers,
                        1 << 20,
                        new KeyFormats(Map.of(Dimension.INSTRUMENT, format, Dimension.USER, format)))
                .keyReader(dimension, new MeteredSchemas(feed -> writers));
    }

    private static SourceRecord record(byte @Nullable [] key, byte @Nullable [] value) {
        return new SourceRecord(Feed.USERS, 0, 0, 5, key, value, new ArrayList<>());
    }

    private byte[] registered(Schema schema, @Nullable Object datum) throws IOException {
        long id = 1000 + registry.size();
        registry.put(id, schema);
        var out = new ByteArrayOutputStream();
        out.write(Framing.CONFLUENT.prefix(id));
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(datum, encoder);
        return out.toByteArray();
    }

    private static byte[] singleObject(Schema schema, Object datum) {
        try {
            var bytes = new BinaryMessageEncoder<>(new GenericData(), schema).encode(datum);
            byte[] key = new byte[bytes.remaining()];
            bytes.get(key);
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenericRecord record(Schema schema, @Nullable Object... values) {
        GenericData.Record record = new GenericData.Record(schema);
        for (int i = 0; i < schema.getFields().size(); i++) {
            record.put(i, values[i]);
        }
        return record;
    }

    private static String key(String fields) {
        return "{\"type\":\"record\",\"name\":\"K\",\"fields\":[" + fields + "]}";
    }

    private static Schema parse(String json) {
        return new Schema.Parser().parse(json);
    }
}
