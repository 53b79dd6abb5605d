package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.model.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownSchemasTest {
    private static final Schema FULL = KnownSchemas.parse("""
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
    void refusesAFingerprintThatNobodyGave() {
        KnownSchemas known = KnownSchemas.of(List.of(Schemas.TRADE));
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> known.byKey(255));
        assertThat(refusal).hasMessage("no schema with the fingerprint 0x00000000000000FF is known");
        assertThat(refusal.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void keepsOnItsWayWithTheJobAllThatResolutionNeeds() throws Exception {
        Schema arrived = sent(KnownSchemas.of(List.of(FULL))).byKey(Framing.fingerprint(FULL));

        assertThat(arrived).isEqualTo(FULL);
        assertThat(arrived.getAliases()).containsExactly("c.d.Price");
        assertThat(arrived.getField("at").aliases()).containsExactlyInAnyOrder("time", "ts");
        assertThat(arrived.getField("at").schema().getLogicalType()).isEqualTo(LogicalTypes.timestampMicros());
        assertThat(arrived.getField("px").schema().getTypes().get(1).getLogicalType())
                .isEqualTo(LogicalTypes.decimal(8, 3));
        assertThat(arrived.getField("px").hasDefaultValue()).isTrue();
        assertThat(arrived.getField("px").getProp("custom")).isEqualTo("kept");
        assertThat(arrived.getField("kind").schema().getEnumDefault()).isEqualTo("BID");
        assertThat(arrived.getField("kind").schema().getAliases()).containsExactly("a.b.Sort");
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
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"f\", \"type\": \"int\","
                        + " \"default\": \"text\"}]}",
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"f\", \"type\": \"int\"},"
                        + " {\"name\": \"f\", \"type\": \"int\"}]}",
                "[\"null\", \"null\"]",
            })
    void saysWhereATextThatIsNoSchemaCameFrom(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KnownSchemas.parse(json, "schemas/old.avsc"))
                .withMessageStartingWith("schemas/old.avsc is not an Avro schema: ");
    }

    @Test
    void saysSoOfASchemaNestedTooDeep() {
        String json = "{\"type\": \"array\", \"items\": ".repeat(100_000) + "\"int\"" + "}".repeat(100_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KnownSchemas.parse(json, "schemas/old.avsc"))
                .withMessageStartingWith("schemas/old.avsc is not an Avro schema: ");
    }

    @Test
    void takesTheSameSchemaWithAnotherDocTwice() {
        Schema other =
                KnownSchemas.parse(Schemas.USER.toString().replace("The name shown", "A name shown"), "the test");
        KnownSchemas.of(List.of(Schemas.USER, other));
        KnownSchemas.of(List.of(other, Schemas.USER));
    }

    @Test
    void refusesTwoSchemasWhichOneFingerprintCannotTellApartThoughTheyMeanOtherUnits() {
        Schema millis =
                KnownSchemas.parse(Schemas.USER.toString().replace("timestamp-micros", "timestamp-millis"), "the test");
        for (List<Schema> both : List.of(List.of(Schemas.USER, millis), List.of(millis, Schemas.USER))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KnownSchemas.of(both))
                    .withMessageContaining("io.tradeenrichment.User")
                    .withMessageContaining("timestamp-millis");
        }
    }

    @Test
    void takesASchemaBesideTheSameWithoutUnits() {
        Schema plain = KnownSchemas.parse(
                Schemas.USER.toString().replace(",\"logicalType\":\"timestamp-micros\"", ""), "the test");
        assertThat(plain.getField("valid_from").schema().getLogicalType()).isNull();
        KnownSchemas.of(List.of(Schemas.USER, plain));
        KnownSchemas.of(List.of(plain, Schemas.USER));
    }

    private static KnownSchemas sent(KnownSchemas known) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(known);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (KnownSchemas) in.readObject();
        }
    }
}
