package io.tradeenrichment.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 1_000, 65_536, 65_537})
    void containsEveryNumberOnce(int size) {
        Permutation permutation = new Permutation(size, new IndexedRandom(3, "permutation"));
        BitSet numbers = new BitSet();
        for (int position = 0; position < size; position++) {
            numbers.set(Math.toIntExact(permutation.at(position)));
        }
        assertThat(numbers.cardinality()).isEqualTo(size);
        assertThat(numbers.length()).isEqualTo(size);
    }

    @Test
    void movesAlmostEveryNumber() {
        Permutation permutation = new Permutation(10_000, new IndexedRandom(3, "permutation"));

        assertThat(LongStream.range(0, 10_000).filter(position -> permutation.at(position) == position))
                .hasSizeLessThan(10);
    }
}
