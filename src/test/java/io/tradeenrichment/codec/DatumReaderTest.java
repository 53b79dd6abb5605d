package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a value is read in place, resolved or rejected. SchemaResolutionTest covers the results of resolution. */
class DatumReaderTest {
    private static final int MAX_SIZE = 1_000;
    private static final Schema OTHER_DOC =
            Schemas.parse(Schemas.USER.toString().replace("The name shown", "A name shown"), "the test");
    private static final Schema REORDERED = Schemas.parse("""
            {"type": "record", "name": "User", "namespace": "io.tradeenrichment", "fields": [
              {"name": "username", "type": "string"},
              {"name": "user_id", "type": "long"},
              {"name": "valid_from", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}""", "the test");

    private final RandomRecords random = new RandomRecords(7);
    private final Registry registry = new Registry();

    @ParameterizedTest
    @EnumSource(Framing.class)
    void readsADatumOfTheJobsOwnSchemaInPlace(Framing framing) throws Exception {
        DatumReader reader = reader(framing);
        registry.schemas.put(7L, Schemas.USER);
        byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, random.user());
        byte[] value = framed(framing, 7, datum);

        reader.wrap(value);

        assertThat(reader.bytes()).isSameAs(value);
        assertThat(reader.start()).isEqualTo(framing.length());
        assertThat(Arrays.copyOfRange(reader.bytes(), reader.start(), value.length))
                .isEqualTo(datum);
        assertThat(reader.resolved()).isZero();
    }

    @Test
    void readsADatumInPlaceIfTheSchemasDifferOnlyInDocAndAliases() throws Exception {
        Schema aliased = Schemas.parse(
                Schemas.USER
                        .toString()
                        .replace("\"name\":\"username\"", "\"name\":\"username\",\"aliases\":[\"nick\"]"),
                "the test");
        assertThat(aliased.getField("username").aliases()).containsExactly("nick");
        DatumReader reader = reader(Framing.CONFLUENT);
        registry.schemas.put(7L, OTHER_DOC);
        registry.schemas.put(8L, aliased);
        for (int id = 7; id <= 8; id++) {
            byte[] value = framed(Framing.CONFLUENT, id, ApacheAvro.encode(ApacheAvro.LOGICAL, random.user()));
            reader.wrap(value);
            assertThat(reader.bytes()).isSameAs(value);
        }
        assertThat(reader.resolved()).isZero();
    }

    @Test
    void countsResolvedDatums() throws Exception {
        DatumReader reader = reader(Framing.CONFLUENT);
        registry.schemas.put(7L, Schemas.USER);
        registry.schemas.put(8L, REORDERED);
        for (int i = 0; i < 10; i++) {
            GenericRecord user = random.user();
            byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, user);
            reader.wrap(framed(Framing.CONFLUENT, 7, datum));
            assertThat(datumOf(reader)).isEqualTo(datum);

            reader.wrap(framed(Framing.CONFLUENT, 8, reordered(user)));
            assertThat(datumOf(reader)).isEqualTo(datum);
            assertThat(reader.resolved()).isEqualTo(i + 1);
        }
        assertThat(registry.lookups).containsExactly(7L, 8L);
    }

    @Test
    void doesNotCountRejectedDatums() {
        DatumReader reader = reader(Framing.CONFLUENT);
        registry.schemas.put(8L, REORDERED);
        failure(reader, framed(Framing.CONFLUENT, 8, new byte[] {2}));
        assertThat(reader.resolved()).isZero();
    }

    @Test
    void rejectsAnIncompatibleSchemaEachTimeButLooksItUpOnce() throws Exception {
        DatumReader reader = reader(Framing.CONFLUENT);
        registry.schemas.put(7L, Schemas.USER);
        registry.schemas.put(9L, Schemas.TRADE);
        byte[] good = framed(Framing.CONFLUENT, 7, ApacheAvro.encode(ApacheAvro.LOGICAL, random.user()));
        byte[] bad = framed(Framing.CONFLUENT, 9, ApacheAvro.encode(ApacheAvro.LOGICAL, random.trade()));
        for (int i = 0; i < 3; i++) {
            assertThat(failure(reader, bad).reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
            assertThat(failure(reader, bad).reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
            reader.wrap(good);
            assertThat(reader.bytes()).isSameAs(good);
        }
        assertThat(registry.lookups).containsExactly(9L, 7L);
    }

    @Test
    void looksUpAnUnknownSchemaEachTimeUntilItIsKnown() throws Exception {
        DatumReader reader = reader(Framing.CONFLUENT);
        byte[] value = framed(Framing.CONFLUENT, 7, ApacheAvro.encode(ApacheAvro.LOGICAL, random.user()));
        assertThat(failure(reader, value).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
        assertThat(failure(reader, value).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);

        registry.schemas.put(7L, Schemas.USER);
        reader.wrap(value);

        assertThat(reader.bytes()).isSameAs(value);
        assertThat(registry.lookups).containsExactly(7L, 7L, 7L);
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void looksUpTheSchemaByTheKeyInTheFraming(Framing framing) {
        for (int key : new int[] {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            failure(reader(framing), framed(framing, key, new byte[3]));
        }
        assertThat(registry.lookups).containsExactly(0L, -1L, (long) Integer.MAX_VALUE, (long) Integer.MIN_VALUE);
    }

    @Test
    void looksUpAnotherKey() throws Exception {
        DatumReader reader = reader(Framing.CONFLUENT);
        registry.schemas.put(7L, Schemas.USER);
        byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, random.user());
        for (int other : new int[] {0, 8, -1}) {
            reader.wrap(framed(Framing.CONFLUENT, 7, datum));
            assertThat(failure(reader, framed(Framing.CONFLUENT, other, datum)).reason())
                    .isEqualTo(Reason.UNKNOWN_SCHEMA);
        }
    }

    @Test
    void acceptsAValueOfTheMaximumSizeAndRejectsALongerOneUnread() throws Exception {
        DatumReader reader = reader(Framing.CONFLUENT);
        registry.schemas.put(7L, Schemas.USER);
        reader.wrap(framed(Framing.CONFLUENT, 7, new byte[MAX_SIZE - 5]));
        registry.lookups.clear();

        // Neither the framing nor the schema is read.
        assertThat(failure(reader, new byte[MAX_SIZE + 1]))
                .hasMessage("the value has 1001 bytes, more than wire.record.max-size allows (1000)")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(registry.lookups).isEmpty();
    }

    @Test
    void rejectsAnotherFramingWithoutLookingUpASchema() {
        byte[] value = framed(Framing.SINGLE_OBJECT, 7, new byte[3]);
        assertThat(failure(reader(Framing.CONFLUENT), value).reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
        assertThat(failure(reader(Framing.CONFLUENT), new byte[0]).reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
        assertThat(registry.lookups).isEmpty();
    }

    private DatumReader reader(Framing framing) {
        return new DatumReader(framing, registry, Schemas.USER, MAX_SIZE);
    }

    private static byte[] reordered(GenericRecord user) {
        return ApacheAvro.encode(
                ApacheAvro.LOGICAL,
                RandomRecords.record(REORDERED, user.get("username"), user.get("user_id"), user.get("valid_from")));
    }

    private static byte[] datumOf(DatumReader reader) {
        return Arrays.copyOfRange(reader.bytes(), reader.start(), reader.bytes().length);
    }

    private static byte[] framed(Framing framing, long key, byte[] datum) {
        byte[] prefix = framing.prefix(key);
        byte[] value = Arrays.copyOf(prefix, prefix.length + datum.length);
        System.arraycopy(datum, 0, value, prefix.length, datum.length);
        return value;
    }

    private static DecodeException failure(DatumReader reader, byte[] value) {
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> reader.wrap(value));
        assertThat(failure).isNotNull();
        return failure;
    }

    /** A registry in memory that records the lookups. */
    private static final class Registry implements WriterSchemas {
        private final transient Map<Long, Schema> schemas = new HashMap<>();
        private final transient List<Long> lookups = new ArrayList<>();

        @Override
        public Schema byKey(long key) throws DecodeException {
            lookups.add(key);
            Schema schema = schemas.get(key);
            if (schema == null) {
                throw new DecodeException(Reason.UNKNOWN_SCHEMA, "no schema has the id " + key);
            }
            return schema;
        }
    }
}
