package io.tradeenrichment.codec.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.RandomRecords;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
    private final RandomRecords random = new RandomRecords(5);

    @Test
    void writesTheSingleObjectFramingOfAvrosMessageEncoder() throws Exception {
        for (GenericRecord record : new GenericRecord[] {random.trade(), random.instrument(), random.user()}) {
            Schema schema = record.getSchema();
            var encoded = new BinaryMessageEncoder<GenericRecord>(ApacheAvro.LOGICAL, schema).encode(record);
            byte[] message = Arrays.copyOfRange(encoded.array(), encoded.position(), encoded.limit());

            long key = Framing.fingerprint(schema);

            assertThat(Framing.SINGLE_OBJECT.schemaKey(message)).isEqualTo(key);
            assertThat(Framing.SINGLE_OBJECT.prefix(key)).isEqualTo(Arrays.copyOf(message, 10));
            assertThat(Arrays.copyOfRange(message, Framing.SINGLE_OBJECT.length(), message.length))
                    .isEqualTo(ApacheAvro.encode(ApacheAvro.LOGICAL, record));
        }
    }

    @Test
    void writesTheConfluentFramingAsAZeroAndTheIdBigEndian() throws Exception {
        assertThat(Framing.CONFLUENT.length()).isEqualTo(5);
        assertThat(Framing.CONFLUENT.prefix(0x01020304)).containsExactly(0, 1, 2, 3, 4);
        assertThat(Framing.CONFLUENT.schemaKey(new byte[] {0, 1, 2, 3, 4, 99})).isEqualTo(0x01020304);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 0x00FF00FF, Integer.MAX_VALUE, -1, -128, Integer.MIN_VALUE})
    void readsEveryIdFromItsPrefix(int id) throws Exception {
        assertThat(Framing.CONFLUENT.schemaKey(Framing.CONFLUENT.prefix(id))).isEqualTo(id);
    }

    @Test
    void readsEveryFingerprintFromItsPrefix() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            long key = random.number();
            assertThat(Framing.SINGLE_OBJECT.schemaKey(Framing.SINGLE_OBJECT.prefix(key)))
                    .isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE + 1L, Integer.MIN_VALUE - 1L, Long.MAX_VALUE})
    void rejectsAnIdOfMoreThan32Bits(long id) {
        assertThatThrownBy(() -> Framing.CONFLUENT.prefix(id)).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void rejectsAValueShorterThanItsFraming(Framing framing) {
        byte[] good = framing.prefix(7);
        for (int length = 0; length < good.length; length++) {
            assertThat(failure(framing, Arrays.copyOf(good, length)))
                    .hasMessage("the value has " + length + " bytes, too few for the " + good.length + " of "
                            + framing.title() + " framing");
        }
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void rejectsEveryOtherPrefix(Framing framing) {
        byte[] good = framing.prefix(7);
        int magic = framing == Framing.CONFLUENT ? 1 : 2;
        for (int at = 0; at < magic; at++) {
            for (int other = 0; other < 256; other++) {
                byte[] value = good.clone();
                value[at] = (byte) other;
                if (value[at] != good[at]) {
                    failure(framing, value);
                }
            }
        }
    }

    @Test
    void showsTheFirstBytesInTheMessage() {
        assertThat(failure(Framing.SINGLE_OBJECT, "{\"trade_id\": 1}".getBytes()))
                .hasMessage("the value begins with 0x7B 0x22, not as single-object framing does");
        assertThat(failure(Framing.CONFLUENT, Framing.SINGLE_OBJECT.prefix(7)))
                .hasMessage("the value begins with 0xC3 0x01, not as confluent framing does");
    }

    private static DecodeException failure(Framing framing, byte[] value) {
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> framing.schemaKey(value));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
        return failure;
    }
}
