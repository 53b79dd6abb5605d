package io.tradeenrichment.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.apache.flink.util.NumberSequenceIterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripesTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 1", "10, 3", "11, 3", "12, 3", "2, 4", "1000, 7"})
    void dealsEveryElementOnce(long count, int subtasks) {
        Stripes stripes = new Stripes(count, subtasks);
        assertThat(LongStream.range(0, count).map(stripes::at).sorted().boxed())
                .containsExactlyElementsOf(LongStream.range(0, count).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource({"10, 3", "11, 3", "1000, 7"})
    void theRangesOfFlinksSubtasksAdvanceTogether(long count, int subtasks) {
        Stripes stripes = new Stripes(count, subtasks);
        NumberSequenceIterator[] ranges = new NumberSequenceIterator(0, count - 1).split(subtasks);
        for (int subtask = 0; subtask < subtasks; subtask++) {
            long expected = subtask;
            while (ranges[subtask].hasNext()) {
                assertThat(stripes.at(ranges[subtask].next())).isEqualTo(expected);
                expected += subtasks;
            }
        }
    }
}
