package io.tradeenrichment.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.config.Program;
import io.tradeenrichment.config.Settings;
import io.tradeenrichment.config.SettingsException;
import io.tradeenrichment.kafka.KafkaAccess;
import io.tradeenrichment.kafka.KafkaConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailConfigTest {
    @Test
    void everyKeyHasADefault() {
        assertThat(from())
                .isEqualTo(new TailConfig(TailOptions.Shown.BOTH, TailOptions.From.LAST, 10, 0, TailOptions.Form.TEXT));
    }

    @Test
    void eachKeyReachesItsField() {
        assertThat(from(
                        "--tail.topics=dead-letters",
                        "--tail.from=end",
                        "--tail.last=11",
                        "--tail.count=12",
                        "--tail.format=json"))
                .isEqualTo(new TailConfig(
                        TailOptions.Shown.DEAD_LETTERS, TailOptions.From.END, 11, 12, TailOptions.Form.JSON));
    }

    @Test
    void theTopicsAreThoseOfTheJobWhateverTheirNames() {
        KafkaConfig.Topics topics = Settings.of(
                        new Program("tail", "", KafkaAccess.groups(), List.of()),
                        Map.of("kafka.bootstrap.servers", "b:1", "kafka.topics.dead-letters", "dlq"),
                        "the test")
                .into(KafkaAccess::from)
                .topics();

        assertThat(from().topicsByKey(topics).values()).containsExactly("enriched-trades", "dlq");
        assertThat(from("--tail.topics=dead-letters").topicsByKey(topics))
                .isEqualTo(Map.of("kafka.topics.dead-letters", "dlq"));
        assertThat(from("--tail.topics=enriched-trades").topicsByKey(topics))
                .isEqualTo(Map.of("kafka.topics.enriched-trades", "enriched-trades"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    topics=trades   > tail.topics is 'trades', but takes both, enriched-trades or dead-letters
                    last=0          > tail.last is 0, but it must be from 1 to 100000
                    count=-1        > tail.count is -1, but it must be at least 0
                    """)
    void aValueThatCannotBeUsedIsRefusedInOneSentence(String setting, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from("--tail." + setting))
                .withMessage(sentence);
    }

    private static TailConfig from(String... args) {
        return Settings.read(new Program("tail", "", TailOptions.groups(), List.of()), args)
                .into(TailConfig::from);
    }
}
