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
    void holdsEveryNumberOnce(int size) {
        Permutation shuffle = new Permutation(size, new IndexedRandom(3, "shuffle"));
        BitSet numbers = new BitSet();
        for (int place = 0; place < size; place++) {
            numbers.set(Math.toIntExact(shuffle.at(place)));
        }
        assertThat(numbers.cardinality()).isEqualTo(size);
        assertThat(numbers.length()).isEqualTo(size);
    }

    @Test
    void leavesHardlyAnyNumberAtItsPlace() {
        Permutation shuffle = new Permutation(10_000, new IndexedRandom(3, "shuffle"));

        assertThat(LongStream.range(0, 10_000).filter(place -> shuffle.at(place) == place))
                .hasSizeLessThan(10);
    }
}
