package io.tradeenrichment.codec.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.RandomRecords;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.avro.io.BinaryEncoder;
import org.junit.jupiter.api.Test;

class DatumBufferTest {
    private final RandomRecords random = new RandomRecords(6);
    private final DatumBuffer buffer = new DatumBuffer();

    @Test
    void writesNumbersAsAvroDoes() {
        for (int i = 0; i < 20_000; i++) {
            long number = random.number();
            assertThat(buffer.clear().writeLong(number).toBytes())
                    .isEqualTo(ApacheAvro.written(encoder -> encoder.writeLong(number)));
            assertThat(buffer.clear().writeInt((int) number).toBytes())
                    .isEqualTo(ApacheAvro.written(encoder -> encoder.writeInt((int) number)));
        }
    }

    @Test
    void writesNumbersAroundEveryPowerOfTwoAsAvroDoes() {
        for (int power = 0; power < 64; power++) {
            for (int nudge = -1; nudge <= 1; nudge++) {
                long number = (1L << power) + nudge;
                assertThat(buffer.clear().writeLong(number).toBytes())
                        .isEqualTo(ApacheAvro.written(encoder -> encoder.writeLong(number)));
            }
        }
    }

    @Test
    void writesDecimalsInTheBytesOfABigInteger() {
        for (int power = 0; power < 64; power++) {
            for (int nudge = -1; nudge <= 1; nudge++) {
                assertDecimal((1L << power) + nudge);
                assertDecimal(-(1L << power) + nudge);
            }
        }
        for (int i = 0; i < 20_000; i++) {
            assertDecimal(random.number());
        }
    }

    @Test
    void writesStringsAsAvroDoes() {
        for (String text : new String[] {"", "SPY", "naïve", "ブリッジ", "😀", "\0", "x".repeat(100_000)}) {
            assertThat(buffer.clear().writeString(text).toBytes())
                    .isEqualTo(ApacheAvro.written(encoder -> encoder.writeString(text)));
        }
    }

    @Test
    void writesPartsOfAnyLengthOneAfterTheOther() {
        for (int i = 0; i < 300; i++) {
            byte[] bytes = random.bytes(random.below(300));
            int start = bytes.length / 3;
            int count = bytes.length / 2;
            long number = random.number();
            buffer.clear();
            for (int times = 0; times < 10; times++) {
                buffer.writeBytes(bytes, start, count).writeLong(number).writeRaw(bytes, start, count);
            }
            assertThat(buffer.toBytes()).isEqualTo(ApacheAvro.written(encoder -> {
                for (int times = 0; times < 10; times++) {
                    writeParts(encoder, bytes, start, count, number);
                }
            }));
        }
    }

    @Test
    void returnsACopy() {
        byte[] first = buffer.writeLong(1).toBytes();
        buffer.clear().writeLong(2);
        assertThat(first).containsExactly(2);
    }

    @Test
    void writesAKeyInEightBytesBigEndian() {
        assertThat(DatumBuffer.key(0x0102030405060708L)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(DatumBuffer.key(-2)).containsExactly(-1, -1, -1, -1, -1, -1, -1, -2);
    }

    private void assertDecimal(long unscaled) {
        assertThat(buffer.clear().writeDecimal(unscaled).toBytes())
                .isEqualTo(ApacheAvro.written(encoder ->
                        encoder.writeBytes(BigInteger.valueOf(unscaled).toByteArray())));
    }

    private static void writeParts(BinaryEncoder encoder, byte[] bytes, int start, int count, long number)
            throws IOException {
        encoder.writeBytes(ByteBuffer.wrap(bytes, start, count));
        encoder.writeLong(number);
        encoder.writeFixed(bytes, start, count);
    }
}
