package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0",
        "PT2H, 2 h",
        "PT90M, 90 min",
        "PT90S, 90 s",
        "PT1.5S, 1500 ms",
        "PT48H, 2 d",
        "PT-0.3S, -300 ms"
    })
    void formatsADurationInTheLargestUnitThatDividesIt(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT2H", "PT10M1S", "PT168H", "PT0.25S"})
    void formatsADurationAsFlinkParsesIt(Duration duration) {
        assertThat(TimeUtils.parseDuration(DurationText.of(duration))).isEqualTo(duration);
    }
}
