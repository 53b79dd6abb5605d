package io.tradeenrichment.codec.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.TextIds;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of a dimension whose ids are strings, beside one whose ids are integers. */
class TextIdKeysTest {
    private static final Dimension ACCOUNT = new Dimension("account");
    private static final Dimension VENUE = new Dimension("venue");
    private static final byte[] A_VALUE = {1};

    private static final JobSchemas SCHEMAS = new JobSchemas(
            new TradeSchema(
                    record(
                            "Fill",
                            "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"at\",\"type\":\"long\"},"
                                    + "{\"name\":\"account\",\"type\":\"string\"},{\"name\":\"venue\",\"type\":\"int\"}"),
                    FieldPath.of("id"),
                    FieldPath.of("at"),
                    List.of(FieldPath.of("account"), FieldPath.of("venue"))),
            List.of(
                    row(
                            ACCOUNT,
                            record(
                                    "Account",
                                    "{\"name\":\"code\",\"type\":\"string\"},{\"name\":\"name\",\"type\":\"int\"}"),
                            "code"),
                    row(
                            VENUE,
                            record(
                                    "Venue",
                                    "{\"name\":\"number\",\"type\":\"int\"},{\"name\":\"name\",\"type\":\"int\"}"),
                            "number")));

    private final Map<Long, Schema> writers = new HashMap<>();

    @ParameterizedTest
    @ValueSource(
            strings = {"A", "US0378331005", "123e4567-e89b-12d3-a456-426614174000", "7", "Zürich", "a b", "{x", "💹"})
    void readsTheKeysOfTheKeyWriter(String id) throws Exception {
        byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        for (KeyFormat format : List.of(KeyFormat.TEXT, KeyFormat.AVRO)) {
            byte[] key = KeyWriter.singleObject(format, IdType.TEXT).key(utf8);
            for (byte[] value : new byte[][] {null, A_VALUE}) {
                KeyReader reader = reader(ACCOUNT, format);
                assertThat(reader.id(keyed(key, value))).isEqualTo(TextIds.hash(utf8));
                assertThat(reader.text()).isEqualTo(utf8);
            }
        }
    }

    @Test
    void writesTextAsItIs() {
        byte[] utf8 = "AAPL".getBytes(StandardCharsets.UTF_8);
        assertThat(KeyWriter.singleObject(KeyFormat.TEXT, IdType.TEXT).key(utf8))
                .isEqualTo(utf8);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyFormat.class,
            names = {"TEXT", "AVRO"})
    void anIntegerHasNoText(KeyFormat format) throws Exception {
        KeyReader reader = reader(VENUE, format);
        assertThat(reader.id(keyed(KeyWriter.singleObject(format).key(77), null)))
                .isEqualTo(77);
        assertThat(reader.text()).isNull();
    }

    @Test
    void rejectsBytesThatAreNotUtf8() {
        assertThat(failure(KeyFormat.TEXT, new byte[] {(byte) 0xC3, 1}, A_VALUE))
                .isEqualTo(
                        "the key must be the account's id as text in UTF-8 (dimensions.account.key-format is text), but"
                                + " it is C3 01, 2 bytes");
    }

    @Test
    void rejectsAFramedKeyAsText() {
        byte[] key = {0, 0, 0, 0, 7, 2, 'A'};
        assertThat(failure(KeyFormat.TEXT, key, A_VALUE)).endsWith("; this looks like the format avro");
        assertThat(failure(KeyFormat.TEXT, new byte[8], null)).endsWith("8 bytes; this looks like the format avro");
    }

    @Test
    void rejectsNoKeyAndAnEmptyOne() {
        assertThat(failure(KeyFormat.TEXT, null, A_VALUE)).endsWith("but there is none");
        assertThat(failure(KeyFormat.TEXT, new byte[0], A_VALUE)).endsWith("but it is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"AAPL\"", "{\"code\":\"AAPL\"}"})
    void rejectsATombstoneWhoseKeyIsJson(String json) throws Exception {
        byte[] key = json.getBytes(StandardCharsets.UTF_8);
        assertThat(failure(KeyFormat.TEXT, key, null))
                .endsWith("; JSON is not read, so the key must be the id alone, as text or as bytes");
        KeyReader reader = reader(ACCOUNT, KeyFormat.TEXT);
        reader.id(keyed(key, A_VALUE));
        assertThat(reader.text()).as("a row has the id too").isEqualTo(key);
    }

    @Test
    void readsAvroStringsAloneAndInARecord() throws Exception {
        Schema nullable = Schema.createUnion(Schema.create(Schema.Type.STRING), Schema.create(Schema.Type.NULL));
        assertThat(avroText(nullable, "A")).isEqualTo("A");
        Schema single = record("Key", "{\"name\":\"anything\",\"type\":\"string\"}");
        var datum = new GenericData.Record(single);
        datum.put("anything", "B");
        assertThat(avroText(single, datum)).isEqualTo("B");
    }

    @Test
    void findsTheFieldThatTheSettingsName() throws Exception {
        Schema key = record("Key", "{\"name\":\"region\",\"type\":\"long\"},{\"name\":\"code\",\"type\":\"string\"}");
        var datum = new GenericData.Record(key);
        datum.put("region", 5L);
        datum.put("code", "A-1");
        assertThat(avroText(key, datum)).isEqualTo("A-1");
    }

    @Test
    void rejectsAvroKeysOfOtherTypes() {
        assertThat(avroFailure(Schema.create(Schema.Type.LONG), 7L)).endsWith(": it is not a string");
        Schema venue = record("Key", "{\"name\":\"number\",\"type\":\"string\"}");
        var datum = new GenericData.Record(venue);
        datum.put("number", "7");
        assertThat(avroFailure(venue, datum)).endsWith(": its field number is the id of the venue, another dimension");
        Schema two = record("Key", "{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"string\"}");
        var both = new GenericData.Record(two);
        both.put("a", "x");
        both.put("b", "y");
        assertThat(avroFailure(two, both)).endsWith(": its record Key has 2 fields, none of them named code");
    }

    @Test
    void rejectsBigEndianForStrings() {
        String sentence =
                "dimensions.account.key-format is big-endian, but code, the id of the account, is a string; set it"
                        + " to text or avro";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyFormats.BIG_ENDIAN.check(SCHEMAS))
                .withMessage(sentence);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader(ACCOUNT, KeyFormat.BIG_ENDIAN))
                .withMessage(sentence);
        new KeyFormats(Map.of(ACCOUNT, KeyFormat.TEXT)).check(SCHEMAS);
        KeyFormats.BIG_ENDIAN.check(JobSchemas.bundled());
    }

    private @Nullable String avroText(Schema schema, Object datum) throws Exception {
        KeyReader reader = reader(ACCOUNT, KeyFormat.AVRO);
        reader.id(keyed(avro(schema, datum), null));
        byte[] text = reader.text();
        return text == null ? null : new String(text, StandardCharsets.UTF_8);
    }

    private byte[] avro(Schema schema, Object datum) {
        writers.put(Framing.fingerprint(schema), schema);
        byte[] prefix = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(schema));
        return ApacheAvro.written(encoder -> {
            encoder.writeFixed(prefix);
            new GenericDatumWriter<>(schema).write(datum, encoder);
        });
    }

    private String avroFailure(Schema schema, Object datum) {
        return failure(KeyFormat.AVRO, avro(schema, datum), A_VALUE);
    }

    private String failure(KeyFormat format, byte @Nullable [] key, byte @Nullable [] value) {
        DecodeException[] failure = new DecodeException[1];
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> reader(ACCOUNT, format).id(keyed(key, value)))
                .satisfies(e -> failure[0] = e);
        assertThat(failure[0].reason()).isEqualTo(Reason.WRONG_KEY);
        return failure[0].sentence();
    }

    private KeyReader reader(Dimension dimension, KeyFormat format) {
        WriterSchemas known = key -> {
            Schema schema = writers.get(key);
            if (schema == null) {
                throw new DecodeException(Reason.UNKNOWN_SCHEMA, "no such schema");
            }
            return schema;
        };
        return KeyReader.of(dimension, format, Framing.SINGLE_OBJECT, known, SCHEMAS);
    }

    private static SourceRecord keyed(byte @Nullable [] key, byte @Nullable [] value) {
        return new SourceRecord(ACCOUNT.feed(), 0, 0, 5, key, value, List.of());
    }

    private static RowSchema row(Dimension dimension, Schema schema, String id) {
        return new RowSchema(dimension, schema, id, null, List.of(Column.of("name", dimension)));
    }

    private static Schema record(String name, String fields) {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[" + fields + "]}");
    }
}
