package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaConnection;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailConfigTest {
    @Test
    void everyKeyHasADefault() {
        assertThat(from())
                .isEqualTo(new TailConfig(
                        TailOptions.Shown.BOTH, TailOptions.From.LAST, null, null, 10, 0, TailOptions.Form.TEXT));
    }

    @Test
    void eachKeyReachesItsField() {
        assertThat(from(
                        "--tail.topics=dead-letters",
                        "--tail.from=end",
                        "--tail.trade-id=-9223372036854775808",
                        "--tail.last=11",
                        "--tail.count=12",
                        "--tail.format=json"))
                .isEqualTo(new TailConfig(
                        TailOptions.Shown.DEAD_LETTERS,
                        TailOptions.From.END,
                        null,
                        "-9223372036854775808",
                        11,
                        12,
                        TailOptions.Form.JSON));
    }

    @Test
    void aSearchForOneTradeStartsAtTheBeginningByDefault() {
        assertThat(from("--tail.trade-id=5").from()).isEqualTo(TailOptions.From.BEGINNING);
        assertThat(from("--tail.trade-id=5", "--tail.from=last").from()).isEqualTo(TailOptions.From.LAST);
        assertThat(from("--tail.trade-id=5", "--tail.since=2026-11-02T09:30:00.5Z")
                        .since())
                .isEqualTo(Instant.parse("2026-11-02T09:30:00.5Z"));
    }

    @Test
    void readsTheTopicsOfTheJobByTheirSettings() {
        KafkaConfig.Topics topics = Settings.of(
                        new CommandDescription("tail", "", KafkaConnection.groups(), List.of()),
                        Map.of("kafka.bootstrap.servers", "b:1", "kafka.topics.dead-letters", "dlq"),
                        "the test")
                .bind(KafkaConnection::from)
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
                    since=yesterday > tail.since is 'yesterday', but takes a time since 1970 such as 2026-11-02T09:30:00Z
                    since=1969-12-31T23:59:59Z > tail.since is '1969-12-31T23:59:59Z', but takes a time since 1970 such as 2026-11-02T09:30:00Z
                    count=-1        > tail.count is -1, but it must be at least 0
                    """)
    void rejectsAnInvalidValueWithOneSentence(String setting, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from("--tail." + setting))
                .withMessage(sentence);
    }

    @Test
    void rejectsTwoStartSettings() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from("--tail.from=end", "--tail.since=2026-11-02T09:30:00Z"))
                .withMessage("tail.since and tail.from both set the start; leave one of them out");
    }

    private static TailConfig from(String... args) {
        return Settings.read(new CommandDescription("tail", "", TailOptions.groups(), List.of()), args)
                .bind(TailConfig::from);
    }
}
