package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
    @TempDir
    Path folder;

    @Test
    void readsEveryType() throws Exception {
        Configuration configuration = read("""
                sample:
                  title: '007'
                  count: 5
                  total: 9000000000
                  fraction: .25
                  switch: true
                  size: 3 kb
                  color: Green
                  names: [x, "y, z"]
                  client:
                    retries: 5
                    security.protocol: SSL
                    sasl:
                      mechanism: PLAIN
                wait.poll.timeout: 2 min
                """);

        assertThat(configuration.get(SampleOptions.TITLE)).isEqualTo("007");
        assertThat(configuration.get(SampleOptions.COUNT)).isEqualTo(5);
        assertThat(configuration.get(SampleOptions.TOTAL)).isEqualTo(9_000_000_000L);
        assertThat(configuration.get(SampleOptions.FRACTION)).isEqualTo(0.25);
        assertThat(configuration.get(SampleOptions.SWITCH)).isTrue();
        assertThat(configuration.get(SampleOptions.SIZE)).isEqualTo(new MemorySize(3 << 10));
        assertThat(configuration.get(SampleOptions.COLOR)).isEqualTo(SampleOptions.Color.GREEN);
        assertThat(configuration.get(SampleOptions.NAMES)).containsExactly("x", "y, z");
        assertThat(configuration.get(SampleOptions.CLIENT))
                .containsOnly(
                        entry("retries", "5"), entry("security.protocol", "SSL"), entry("sasl.mechanism", "PLAIN"));
        assertThat(configuration.get(SampleOptions.TIMEOUT)).isEqualTo(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait.poll.timeout: 30 s",
                "wait:\n  poll:\n    timeout: 30 s",
                "wait:\n  poll.timeout: 30 s",
                "wait.poll: {timeout: 30 s}",
                "---\n# a comment\nwait.poll.timeout: '30 s'\n"
            })
    void readsNestedAndDottedKeys(String yaml) throws Exception {
        assertThat(read(yaml).toMap()).containsOnly(entry("wait.poll.timeout", "30 s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "wait:\n  # poll.timeout: 30 s\n",
                "wait: {}",
                "~",
                "sample.client:\n  # retries: 5\n"
            })
    void readsAFileWithoutValues(String yaml) throws Exception {
        assertThat(read(yaml).keySet()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
                    a: 1                                 > FILE, line 1: a is not a known key; --help lists all keys
                    sample.count: 1|wait:|  poll:|    timout: 5 s > FILE, line 4: wait.poll.timout is not a known key; did you mean wait.poll.timeout?
                    wait: 5 s                            > FILE, line 1: wait is not a key but a prefix of keys, for example wait.poll.timeout
                    embedded:|  trades: 5                > FILE, line 1: embedded.trades is not a known key; --help lists all keys
                    sample.client: x                     > FILE, line 1: sample.client takes no value itself, but keys below it: sample.client.NAME
                    wait.poll.timeout: soon              > FILE, line 1: wait.poll.timeout is 'soon', but takes a duration such as 500 ms, 30 s or 1 h
                    wait.poll.timeout:                   > FILE, line 1: wait.poll.timeout has no value; give it one, or leave the key out
                    wait.poll.timeout: ''                > FILE, line 1: wait.poll.timeout has no value; give it one, or leave the key out
                    sample.names: [a, ~]                 > FILE, line 1: sample.names has no value; give it one, or leave the key out
                    sample.names: [[a]]                  > FILE, line 1: sample.names has a nested list or keys in a list, but takes plain values
                    sample.count: [1]                    > FILE, line 1: sample.count is a list, but takes one value
                    sample.count: {a: 1}                 > FILE, line 1: sample.count has keys below it, but takes a value
                    sample.count: 1|sample: {count: 2}   > FILE, line 2: sample.count is given twice, first at FILE, line 1; keep one of them
                    sample.count: 1|sample.count: 1      > FILE, line 2: sample.count is given twice, first at FILE, line 1; keep one of them
                    [a]: b                               > FILE, line 1: a key must be plain text
                    - sample.count                       > FILE is not a settings file: it must have lines of the form key: value
                    just text                            > FILE is not a settings file: it must have lines of the form key: value
                    """)
    void rejectsAWrongEntryWithItsLine(String yaml, String sentence) throws Exception {
        assertRejected(yaml.replace('|', '\n')).withMessage(sentence.replace("FILE", file()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: b: c", "\tsample.count: 1", "sample.count: 'open", "a: *unknown", "a: 1\n---\nb: 2"})
    void rejectsAFileThatIsNotYamlInOneSentence(String yaml) throws Exception {
        assertRejected(yaml).withMessageMatching(Pattern.quote(file()) + ", line \\d: not YAML: .+");
    }

    @Test
    void rejectsAFileThatContainsItself() throws Exception {
        assertRejected("sample.client: &again\n  a: *again\n")
                .withMessageEndingWith("keys are nested more than 16 deep");
    }

    @Test
    void namesAFileThatDoesNotExist() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(SampleOptions.command(), "--config", "nowhere.yaml"))
                .withMessage("the settings file nowhere.yaml does not exist");
    }

    @Test
    void rejectsAFolder() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(SampleOptions.command(), "--config", folder.toString()))
                .withMessage("the settings file " + folder + " cannot be read");
    }

    @Test
    void rejectsBytesThatAreNotText() throws Exception {
        Files.write(folder.resolve("job.yaml"), new byte[] {(byte) 0xC3, 0x01});

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(SampleOptions.command(), "--config", file()))
                .withMessage(file() + " is not a settings file: it is not UTF-8 text");
    }

    private Configuration read(String yaml) throws Exception {
        Files.writeString(folder.resolve("job.yaml"), yaml);
        return Settings.read(SampleOptions.command(), "--config", file()).configuration();
    }

    private ThrowableAssertAlternative<SettingsException> assertRejected(String yaml) {
        return assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> read(yaml));
    }

    private String file() {
        return folder.resolve("job.yaml").toString();
    }
}
