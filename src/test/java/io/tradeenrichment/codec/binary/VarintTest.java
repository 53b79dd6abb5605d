package io.tradeenrichment.codec.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.ApacheAvro;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VarintTest {
    static LongStream numbers() {
        LongStream edges = LongStream.range(0, Long.SIZE)
                .map(bit -> 1L << bit)
                .flatMap(power -> LongStream.of(power - 1, power, -power));
        return LongStream.concat(edges, LongStream.of(0, 300, Long.MIN_VALUE, Long.MAX_VALUE))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void anArrayAndAStreamHaveTheSameBytes(long number) throws IOException {
        byte[] bytes = new byte[Varint.MAX_LENGTH + 1];
        int end = Varint.write(number, bytes, 1);
        assertThat(end - 1).isEqualTo(Varint.length(number));
        assertThat(Varint.read(bytes, 1)).isEqualTo(number);
        byte[] written = Arrays.copyOfRange(bytes, 1, end);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Varint.write(number, new DataOutputStream(stream));
        assertThat(stream.toByteArray()).isEqualTo(written);
        assertThat(Varint.read(new DataInputStream(new ByteArrayInputStream(written))))
                .isEqualTo(number);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void zigzagAgreesWithAvro(long number) {
        byte[] bytes = new byte[Varint.length(Varint.zigzag(number))];
        Varint.write(Varint.zigzag(number), bytes, 0);
        assertThat(bytes).isEqualTo(ApacheAvro.written(encoder -> encoder.writeLong(number)));
        assertThat(Varint.unzigzag(Varint.zigzag(number))).isEqualTo(number);
    }
}
