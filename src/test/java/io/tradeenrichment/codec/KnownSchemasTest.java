package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.resolution.SchemaResolution;
import io.tradeenrichment.codec.schema.Fingerprints;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownSchemasTest {
    @Test
    void rejectsTwoKeySchemasWithOneFingerprintIfOnlyOneHasAnId() {
        String plain = "{\"type\":\"record\",\"name\":\"K\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}";
        String dated = plain.replace("\"long\"", "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}");
        KnownSchemas.check(List.of(plain), JobSchemas.bundled());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KnownSchemas.check(List.of(plain, dated), JobSchemas.bundled()))
                .withMessageContaining("have the same fingerprint, but only one of them has an id");
    }

    /** A user with the id 7, valid from 3 microseconds after the epoch, of the name ann. */
    private static final byte[] ANN = {14, 6, 6, 'a', 'n', 'n'};

    private static final Schema FULL = Schemas.parse("""
            {"type": "record", "name": "Quote", "namespace": "a.b", "aliases": ["c.d.Price"], "doc": "d", "fields": [
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}, "aliases": ["time", "ts"]},
              {"name": "px", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 3}],
               "default": null, "custom": "kept"},
              {"name": "kind", "type": {"type": "enum", "name": "Kind", "aliases": ["Sort"],
               "symbols": ["BID", "ASK"], "default": "BID"}}]}""", "the test");

    @Test
    void findsASchemaByItsFingerprint() throws Exception {
        KnownSchemas known = KnownSchemas.of(List.of(Schemas.TRADE, Schemas.USER));
        assertThat(known.byKey(Framing.fingerprint(Schemas.TRADE))).isEqualTo(Schemas.TRADE);
        assertThat(known.byKey(Framing.fingerprint(Schemas.USER))).isEqualTo(Schemas.USER);
    }

    @Test
    void refusesAnUnknownFingerprint() {
        KnownSchemas known = KnownSchemas.of(List.of(Schemas.TRADE));
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> known.byKey(255));
        assertThat(failure).hasMessage("no schema with the fingerprint 0x00000000000000FF is known");
        assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void keepsAllPropertiesForResolutionWhenSerialized() throws Exception {
        Schema deserialized = serialized(KnownSchemas.of(List.of(FULL))).byKey(Framing.fingerprint(FULL));

        assertThat(deserialized).isEqualTo(FULL);
        assertThat(deserialized.getAliases()).containsExactly("c.d.Price");
        assertThat(deserialized.getField("at").aliases()).containsExactlyInAnyOrder("time", "ts");
        assertThat(deserialized.getField("at").schema().getLogicalType()).isEqualTo(LogicalTypes.timestampMicros());
        assertThat(deserialized.getField("px").schema().getTypes().get(1).getLogicalType())
                .isEqualTo(LogicalTypes.decimal(8, 3));
        assertThat(deserialized.getField("px").hasDefaultValue()).isTrue();
        assertThat(deserialized.getField("px").getProp("custom")).isEqualTo("kept");
        assertThat(deserialized.getField("kind").schema().getEnumDefault()).isEqualTo("BID");
        assertThat(deserialized.getField("kind").schema().getAliases()).containsExactly("a.b.Sort");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "{}",
                "\"strng\"",
                "{\"type\": \"record\", \"name\": \"R\"}",
                "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"A\"]}",
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"f\", \"type\": \"int\"},"
                        + " {\"name\": \"f\", \"type\": \"int\"}]}",
                "[\"null\", \"null\"]",
            })
    void namesTheOriginOfAnInvalidSchema(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemas.parse(json, "schemas/old.avsc"))
                .withMessageStartingWith("schemas/old.avsc is not an Avro schema: ");
    }

    @Test
    void rejectsASchemaThatIsNestedTooDeeply() {
        String json = "{\"type\": \"array\", \"items\": ".repeat(100_000) + "\"int\"" + "}".repeat(100_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemas.parse(json, "schemas/old.avsc"))
                .withMessageStartingWith("schemas/old.avsc is not an Avro schema: ");
    }

    @Test
    void takesTheSameSchemaWithAnotherDocTwice() throws Exception {
        Schema other = Schemas.parse(Schemas.USER.toString().replace("The name shown", "A name shown"), "the test");
        assertThat(other).isEqualTo(Schemas.USER);
        assertThat(other.getField("username").doc())
                .isNotEqualTo(Schemas.USER.getField("username").doc());
        for (List<Schema> both : List.of(List.of(Schemas.USER, other), List.of(other, Schemas.USER))) {
            assertThat(asUser(KnownSchemas.of(both), Schemas.USER, ANN)).isEqualTo(ANN);
        }
    }

    @Test
    void rejectsTwoSchemasWithOneFingerprintAndDifferentUnits() {
        Schema millis =
                Schemas.parse(Schemas.USER.toString().replace("timestamp-micros", "timestamp-millis"), "the test");
        for (List<Schema> both : List.of(List.of(Schemas.USER, millis), List.of(millis, Schemas.USER))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KnownSchemas.of(both))
                    .withMessageContaining("io.tradeenrichment.User")
                    .withMessageContaining("timestamp-millis");
        }
    }

    @Test
    void takesASchemaBesideTheSameWithoutUnits() throws Exception {
        Schema plain =
                Schemas.parse(Schemas.USER.toString().replace(",\"logicalType\":\"timestamp-micros\"", ""), "the test");
        assertThat(plain.getField("valid_from").schema().getLogicalType()).isNull();
        for (List<Schema> both : List.of(List.of(Schemas.USER, plain), List.of(plain, Schemas.USER))) {
            assertThat(asUser(KnownSchemas.of(both), plain, ANN)).isEqualTo(ANN);
        }
    }

    /** Avro for Python computes another fingerprint than Avro for Java if a type has a unit. */
    @Test
    void findsASchemaByEachOfItsFingerprints() throws Exception {
        Schema theirs = Schemas.parse(
                Schemas.USER
                        .toString()
                        .replace("io.tradeenrichment", "com.exchange")
                        .replace("micros", "millis"),
                "the test");
        KnownSchemas known = serialized(KnownSchemas.of(List.of(Schemas.TRADE, Schemas.USER, theirs)));
        assertThat(known.byKey(0x848167EEA0EC080CL)).isEqualTo(Schemas.TRADE);
        assertThat(known.byKey(Fingerprints.ofPython(theirs))).isEqualTo(theirs);
        assertThat(known.byKey(Fingerprints.of(theirs))).isEqualTo(theirs);
        assertThat(Fingerprints.allOf(theirs)).hasSize(2).doesNotContainAnyElementsOf(Fingerprints.allOf(Schemas.USER));
    }

    @Test
    void rejectsASchemaWithAndWithoutOtherUnits() {
        String theirs = Schemas.USER.toString().replace("io.tradeenrichment", "com.exchange");
        Schema nanos = Schemas.parse(theirs.replace("timestamp-micros", "timestamp-nanos"), "the test");
        Schema plain = Schemas.parse(theirs.replace(",\"logicalType\":\"timestamp-micros\"", ""), "the test");
        for (List<Schema> both : List.of(List.of(nanos, plain), List.of(plain, nanos))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KnownSchemas.of(both))
                    .withMessageContaining("User.valid_from is ")
                    .withMessageContaining("timestamp-nanos")
                    .withMessageContaining("without a unit");
        }
    }

    @Test
    void rejectsTwoSchemasThatDifferInUnitsUnknownToAvro() {
        String plain = Schemas.TRADE
                .toString()
                .replace("{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", "\"long\"")
                .replace("io.tradeenrichment", "com.exchange");
        Schema one = Schemas.parse(
                plain.replace("\"trade_time\",", "\"trade_time\",\"logicalType\":\"timestamp-millis\","), "the test");
        Schema other = Schemas.parse(
                plain.replace("\"trade_time\",", "\"trade_time\",\"connect.name\":\"io.debezium.time.NanoTimestamp\","),
                "the test");
        assertThat(Framing.fingerprint(one)).isEqualTo(Framing.fingerprint(other));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KnownSchemas.of(List.of(one, other)))
                .withMessage("two schemas of com.exchange.Trade have the same fingerprint, but"
                        + " Trade.trade_time is timestamp-nanos in one and timestamp-millis in the other");
    }

    @Test
    void takesTwoSchemasWhoseUnitsDifferOnlyInFieldsThatTheJobDoesNotRead() throws Exception {
        String more = Schemas.USER
                .toString()
                .replace(
                        "\"fields\":[",
                        "\"fields\":[{\"name\":\"born\",\"type\":{\"type\":\"int\",\"logicalType\":\"date\"}},");
        Schema dated = Schemas.parse(more, "the test");
        Schema other = Schemas.parse(more.replace("\"date\"", "\"year\""), "the test");
        byte[] born = {20};
        byte[] datum = new byte[born.length + ANN.length];
        System.arraycopy(born, 0, datum, 0, born.length);
        System.arraycopy(ANN, 0, datum, born.length, ANN.length);
        for (List<Schema> both : List.of(List.of(dated, other), List.of(other, dated))) {
            assertThat(asUser(KnownSchemas.of(both), dated, datum)).isEqualTo(ANN);
        }
    }

    /** The datum of a writer as the job reads it: found by the fingerprint, then resolved to the job's schema. */
    private static byte[] asUser(KnownSchemas known, Schema writers, byte[] datum) throws Exception {
        SchemaResolution resolution = SchemaResolution.between(known.byKey(Framing.fingerprint(writers)), Schemas.USER);
        return resolution == null ? datum : resolution.resolve(datum, 0);
    }

    /** Invalid names and defaults of a writer's schema do not matter for reading. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"record\",\"name\":\"User\",\"namespace\":\"com.my-exchange.v-2\",\"fields\":[%s]}",
                "{\"type\":\"record\",\"name\":\"user-row\",\"fields\":[%s]}",
                "{\"type\":\"record\",\"name\":\"User\",\"fields\":[%s,"
                        + "{\"name\":\"last-seen\",\"type\":\"int\",\"default\":\"never\"}]}",
                "{\"type\":\"record\",\"name\":\"User\",\"fields\":[%s,"
                        + "{\"name\":\"s\",\"type\":{\"type\":\"enum\",\"name\":\"a-b.E\",\"symbols\":[\"not-a-name\"]},"
                        + "\"default\":7}]}",
                "{\"type\":\"record\",\"name\":\"User\",\"fields\":[%s,"
                        + "{\"name\":\"n\",\"type\":[\"null\",\"long\"],\"default\":12}]}",
            })
    void readsSchemasWithInvalidNamesAndDefaults(String json) throws Exception {
        Schema lenient = Schemas.parse(
                json.formatted("{\"name\":\"user_id\",\"type\":\"long\",\"default\":null},"
                        + "{\"name\":\"username\",\"type\":\"string\"},"
                        + "{\"name\":\"valid_from\",\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}"),
                "the test");
        Schema deserialized =
                serialized(KnownSchemas.of(List.of(Schemas.USER, lenient))).byKey(Framing.fingerprint(lenient));
        assertThat(deserialized).isEqualTo(lenient);
        SchemaResolution resolution = SchemaResolution.between(deserialized, Schemas.USER);
        assertThat(resolution).isNotNull();
        byte[] user = {14, 4, 'a', 'b', 6};
        byte[] datum = Arrays.copyOf(user, user.length + lenient.getFields().size() - 3);
        assertThat(resolution.resolve(datum, 0)).containsExactly(14, 6, 4, 'a', 'b');
    }

    private static KnownSchemas serialized(KnownSchemas known) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(known);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (KnownSchemas) in.readObject();
        }
    }
}
