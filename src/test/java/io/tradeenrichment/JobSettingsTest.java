package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of the job's settings that deploy/submit and deploy/upgrade make before they contact a cluster. */
class JobSettingsTest {
    private static final String GOOD =
            "--kafka.bootstrap.servers k:9092 --kafka.transactional-id-prefix test.trade-enrichment.";

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            --kafka.bootstrap.servers k:9092 > kafka.transactional-id-prefix is not set; give a name
            --kafka.transactional-id-prefix p. > kafka.bootstrap.servers is not set; give Kafka's host:port
            GOOD --wire.framing confluent > registry.url is not set, but wire.framing is confluent
            GOOD --registry.url http://r > registry.url is set, but wire.framing is single-object
            GOOD --kafka.topics.users trades > kafka.topics.users is trades, as is kafka.topics.trades
            GOOD --join.time latest --join.as-of.wait 1s > join.as-of.wait is set, but join.time is latest
            GOOD --kafka.trades.start timestamp > kafka.trades.start-timestamp is not set
            GOOD --kafka.client.group.id x > kafka.client.group.id cannot be set
            GOOD --wire.framing confluent --registry.url http://r --wire.writer-schemas /a > wire.writer-schemas is set, but wire.framing is confluent
            """)
    void rejectsWhatMainRejectsWithTheSameSentence(String arguments, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> check(arguments))
                .withMessageStartingWith(sentence);
    }

    @Test
    void acceptsFilesThatExistOnlyOnTheJobManager() {
        assertThatCode(() -> check(GOOD + " --wire.writer-schemas /on/the/jobmanager"))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        check(GOOD + " --wire.framing confluent --registry.url https://r --registry.truststore.file"
                                + " /on/the/jobmanager.p12"))
                .doesNotThrowAnyException();
    }

    private static void check(String arguments) {
        JobSettings.from(Settings.read(
                JobSettings.description(), arguments.replace("GOOD", GOOD).split(" ")));
    }

    /** deploy/submit passes the settings of a file on to the job as arguments. */
    @Test
    void theArgumentsOfASettingsFileMeanTheSameAsTheFile() {
        Settings file = Settings.read(JobSettings.description(), "--config", "conf/job.yaml");
        List<String> arguments = new ArrayList<>();
        file.toArguments().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));

        Settings read = Settings.read(JobSettings.description(), arguments.toArray(String[]::new));

        assertThat(arguments).contains("--wire.writer-schemas", "");
        assertThat(read.configuration()).isEqualTo(file.configuration());
    }
}
