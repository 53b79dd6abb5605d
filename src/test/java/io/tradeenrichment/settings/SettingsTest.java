package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.config.MissingRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final CommandDescription JOB =
            new CommandDescription("bin/job", "Joins trades.", JobOptions.groups(), List.of("--dedup.retention 0"));

    @TempDir
    Path folder;

    @Test
    void theCommandLineCanBeTypedForAnotherCommand(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("it's mine.yaml"), "join.wait.then: drop\n");
        Settings settings =
                Settings.read(JOB, "--dedup.retention=2 h", "--config", file.toString(), "--join.wait.timeout", "1h");

        assertThat(settings.commandLine("dedup."))
                .isEqualTo("--config '" + folder + "/it'\\''s mine.yaml' --join.wait.timeout 1h");
        assertThat(settings.commandLine("join.")).endsWith(" --dedup.retention '2 h'");
    }

    @Test
    void readsEveryTypeFromTheCommandLine() {
        Configuration configuration = Settings.read(
                        SampleOptions.program(),
                        "--sample.title=a=b c",
                        "--sample.count",
                        "-7",
                        "--sample.total=9000000000",
                        "--sample.part=0.25",
                        "--sample.switch",
                        "TRUE",
                        "--sample.pause=2 min",
                        "--sample.room=3 kb",
                        "--sample.choice=dead-letter",
                        "--sample.names=x, y",
                        "--sample.client.retries=5",
                        "--sample.client.security.protocol",
                        "SSL")
                .configuration();

        assertThat(configuration.get(SampleOptions.TITLE)).isEqualTo("a=b c");
        assertThat(configuration.get(SampleOptions.COUNT)).isEqualTo(-7);
        assertThat(configuration.get(SampleOptions.TOTAL)).isEqualTo(9_000_000_000L);
        assertThat(configuration.get(SampleOptions.PART)).isEqualTo(0.25);
        assertThat(configuration.get(SampleOptions.SWITCH)).isTrue();
        assertThat(configuration.get(SampleOptions.PAUSE)).isEqualTo(Duration.ofMinutes(2));
        assertThat(configuration.get(SampleOptions.ROOM)).isEqualTo(new MemorySize(3 << 10));
        assertThat(configuration.get(SampleOptions.CHOICE)).isEqualTo(MissingRow.DEAD_LETTER);
        assertThat(configuration.get(SampleOptions.NAMES)).containsExactly("x", "y");
        assertThat(configuration.get(SampleOptions.CLIENT))
                .containsOnly(entry("retries", "5"), entry("security.protocol", "SSL"));
    }

    @Test
    void readsEveryTypeFromAFile() throws Exception {
        Configuration configuration =
                Settings.read(SampleOptions.program(), "--config", file("""
                                sample:
                                  title: '007'
                                  count: 5
                                  total: 9000000000
                                  part: .25
                                  switch: true
                                  pause: 2 min
                                  room: 3 kb
                                  choice: Partial
                                  names: [x, "y, z"]
                                  client:
                                    retries: 5
                                    security.protocol: SSL
                                    sasl:
                                      mechanism: PLAIN
                                """)).configuration();

        assertThat(configuration.get(SampleOptions.TITLE)).isEqualTo("007");
        assertThat(configuration.get(SampleOptions.COUNT)).isEqualTo(5);
        assertThat(configuration.get(SampleOptions.TOTAL)).isEqualTo(9_000_000_000L);
        assertThat(configuration.get(SampleOptions.PART)).isEqualTo(0.25);
        assertThat(configuration.get(SampleOptions.SWITCH)).isTrue();
        assertThat(configuration.get(SampleOptions.PAUSE)).isEqualTo(Duration.ofMinutes(2));
        assertThat(configuration.get(SampleOptions.ROOM)).isEqualTo(new MemorySize(3 << 10));
        assertThat(configuration.get(SampleOptions.CHOICE)).isEqualTo(MissingRow.PARTIAL);
        assertThat(configuration.get(SampleOptions.NAMES)).containsExactly("x", "y, z");
        assertThat(configuration.get(SampleOptions.CLIENT))
                .containsOnly(
                        entry("retries", "5"), entry("security.protocol", "SSL"), entry("sasl.mechanism", "PLAIN"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"single-object", "SINGLE_OBJECT", "Single_Object", "single_OBJECT"})
    void aChoiceIsKnownInAnyCaseWithEitherDash(String written) {
        assertThat(Settings.read(JOB, "--wire.framing", written).configuration().get(JobOptions.WIRE_FRAMING))
                .isEqualTo(Framing.SINGLE_OBJECT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "join.wait.timeout: 30 s",
                "join:\n  wait:\n    timeout: 30 s",
                "join:\n  wait.timeout: 30 s",
                "join.wait: {timeout: 30 s}",
                "---\n# a comment\njoin.wait.timeout: '30 s'\n"
            })
    void aKeyInAFileMayBeNestedOrHaveDots(String yaml) throws Exception {
        assertThat(Settings.read(JOB, "--config", file(yaml)).configuration().toMap())
                .containsOnly(entry("join.wait.timeout", "30 s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "join:\n  # wait.timeout: 30 s\n", "join: {}", "~"})
    void aFileMaySetNothing(String yaml) throws Exception {
        assertThat(Settings.read(JOB, "--config", file(yaml)).configuration().keySet())
                .isEmpty();
    }

    @Test
    void theCommandLineWinsOverTheFileAndTheFileOverTheDefault() throws Exception {
        String file = file("join.wait.timeout: 30 s\ndedup.retention: 30 s");

        Map<String, String> shown = Settings.read(JOB, "--join.wait.timeout", "5 s", "--config", file)
                .shown();

        assertThat(shown)
                .contains(
                        entry("join.wait.timeout", "5 s"),
                        entry("dedup.retention", "30 s"),
                        entry("dimensions.tombstone.retention", "1 d"));
    }

    @Test
    void anEmptyListOnTheCommandLineWinsOverTheFile() throws Exception {
        String file = file("wire.writer-schemas: [a.avsc]");

        assertThat(Settings.read(JOB, "--config", file, "--wire.writer-schemas=")
                        .shown())
                .containsEntry("wire.writer-schemas", "");
    }

    @Test
    void aWrongValueInTheFileIsRefusedEvenIfTheCommandLineHasABetterOne() throws Exception {
        String file = file("dedup.retention: soon");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--config", file, "--dedup.retention=1 h"))
                .withMessageStartingWith(file + ", line 1: dedup.retention is 'soon'");
    }

    @Test
    void aMapMayHaveAllItsKeysCommentedOut() throws Exception {
        assertThat(Settings.read(SampleOptions.program(), "--config", file("sample.client:\n  # retries: 5\n"))
                        .configuration()
                        .keySet())
                .isEmpty();
    }

    @Test
    void keysBelowAMapComeTogetherFromBothPlaces() throws Exception {
        String file = file("sample.client: {retries: 5, linger.ms: 1}");

        assertThat(Settings.read(SampleOptions.program(), "--config", file, "--sample.client.retries=9")
                        .configuration()
                        .get(SampleOptions.CLIENT))
                .containsOnly(entry("retries", "9"), entry("linger.ms", "1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
                    --join.wait.timout=5 s          > join.wait.timout is not a known key; did you mean join.wait.timeout?
                    --wait.timeout=5 s              > wait.timeout is not a known key; did you mean join.wait.timeout?
                    --join.instrument_missing=drop  > join.instrument_missing is not a known key; did you mean join.instrument.missing?
                    --confg=x                       > confg is not a known key; did you mean config?
                    --group.offsets=latest          > group.offsets is not a known key; --help lists those that are
                    --dedup.retention.extra=1 h     > dedup.retention.extra is not a known key; did you mean dedup.retention?
                    -dedup.retention=1 h            > dedup.retention needs two dashes: --dedup.retention
                    --join.wait=5 s                 > join.wait is not a key but the beginning of some, for example join.wait.timeout
                    --dedup.retention               > dedup.retention has no value; give it one, or leave the key out
                    --dedup.retention=              > dedup.retention has no value; give it one, or leave the key out
                    --dedup.retention|--wire.x|y    > dedup.retention has no value; give it one, or leave the key out
                    --dedup.retention|--wire.framing|confluent > dedup.retention has no value; give it one, or leave the key out
                    --config                        > config has no value; give it one, or leave the key out
                    --dedup.retention=1 h|--dedup.retention=2 h > dedup.retention is given twice on the command line; keep one of them
                    --config=a|--config=b           > config is given twice on the command line; keep one of them
                    1 h                             > '1 h' follows no key; settings are given as --key value
                    --dedup.retention|1|h           > 'h' follows no key; settings are given as --key value
                    --dedup.retention=soon          > dedup.retention is 'soon', but takes a duration such as 500 ms, 30 s or 1 h
                    --dedup.retention=-1 s          > dedup.retention is '-1 s', but takes a duration such as 500 ms, 30 s or 1 h
                    --wire.record.max-size=big      > wire.record.max-size is 'big', but takes a size such as 512 kb or 1 mb
                    --wire.framing=avro             > wire.framing is 'avro', but takes confluent or single-object
                    --trades.key-by=user            > trades.key-by is 'user', but takes instrument_id, trade_id or instrument_and_user
                    --join.user.missing=skip        > join.user.missing is 'skip', but takes partial, wait, drop or dead-letter
                    --join.wait.then=later          > join.wait.then is 'later', but takes partial, drop or dead-letter
                    """)
    void aFaultOnTheCommandLineIsToldInOneSentence(String args, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, args.split("\\|", -1)))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
                    --sample.count=3000000000   > sample.count is '3000000000', but takes a whole number of at most 2147483647
                    --sample.total=1.5          > sample.total is '1.5', but takes a whole number
                    --sample.part=half          > sample.part is 'half', but takes a number such as 0.5
                    --sample.switch=yes         > sample.switch is 'yes', but takes true or false
                    --sample.client=x           > sample.client takes no value itself, but keys below it: sample.client.NAME
                    """)
    void aValueOfTheWrongTypeIsToldInOneSentence(String arg, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(SampleOptions.program(), arg))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
                    a: 1                                       > FILE, line 1: a is not a known key; --help lists those that are
                    dedup.retention: 1 h|join:|  wait:|    timout: 5 s > FILE, line 4: join.wait.timout is not a known key; did you mean join.wait.timeout?
                    join: 5 s                                  > FILE, line 1: join is not a key but the beginning of some, for example join.instrument.missing
                    embedded:|  trades: 5                      > FILE, line 1: embedded.trades is not a known key; --help lists those that are
                    dedup.retention: soon                      > FILE, line 1: dedup.retention is 'soon', but takes a duration such as 500 ms, 30 s or 1 h
                    dedup.retention:                           > FILE, line 1: dedup.retention has no value; give it one, or leave the key out
                    dedup.retention: ''                        > FILE, line 1: dedup.retention has no value; give it one, or leave the key out
                    wire.writer-schemas: [a, ~]                > FILE, line 1: wire.writer-schemas has no value; give it one, or leave the key out
                    wire.writer-schemas: [[a]]                 > FILE, line 1: wire.writer-schemas has a list or keys within a list, but takes plain values
                    dedup.retention: [1 h]                     > FILE, line 1: dedup.retention is a list, but takes one value
                    dedup.retention: {a: 1 h}                  > FILE, line 1: dedup.retention has keys below it, but takes a value
                    dedup.retention: 1 h|dedup: {retention: 2 h} > FILE, line 2: dedup.retention is given twice, first at FILE, line 1; keep one of them
                    dedup.retention: 1 h|dedup.retention: 1 h  > FILE, line 2: dedup.retention is given twice, first at FILE, line 1; keep one of them
                    [a]: b                                     > FILE, line 1: a key must be plain text
                    - dedup.retention                          > FILE is not a settings file: it should hold lines of the form key: value
                    just text                                  > FILE is not a settings file: it should hold lines of the form key: value
                    """)
    void aFaultInAFileIsToldWithItsLine(String yaml, String sentence) throws Exception {
        String file = file(yaml.replace('|', '\n'));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--config", file))
                .withMessage(sentence.replace("FILE", file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a: b: c", "\tdedup.retention: 1 h", "dedup.retention: 'open", "a: *nobody", "a: 1\n---\nb: 2"})
    void aFileThatIsNotYamlIsToldInOneSentence(String yaml) throws Exception {
        String file = file(yaml);

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--config", file))
                .withMessageMatching(Pattern.quote(file) + ", line \\d: not YAML: .+");
    }

    @Test
    void aFileThatContainsItselfIsRefused() throws Exception {
        String file = file("sample.client: &again\n  a: *again\n");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(SampleOptions.program(), "--config", file))
                .withMessageEndingWith("keys are nested deeper than any key is long");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--config", "nowhere.yaml"))
                .withMessage("there is no file nowhere.yaml to read settings from");
    }

    @Test
    void aFolderIsNoSettingsFile() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--config", folder.toString()))
                .withMessage("the settings file " + folder + " cannot be read");
    }

    @Test
    void bytesAreNoSettingsFile() throws Exception {
        Path file = Files.write(folder.resolve("job.yaml"), new byte[] {(byte) 0xC3, 0x01});

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--config", file.toString()))
                .withMessage(file + " is not a settings file: it is not UTF-8 text");
    }

    @Test
    void whatARecordRefusesIsToldWithTheLineOfTheFile() throws Exception {
        String file = file("dedup.retention: 1 h\njoin.wait.then: wait");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--config", file).into(JobConfig::from))
                .withMessage(file + ", line 2: join.wait.then is wait, but says what follows the wait; "
                        + "use partial, dead-letter or drop");
    }

    @Test
    void whatARecordRefusesOfTheCommandLineBeginsWithTheKey() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(JOB, "--join.wait.then", "wait").into(JobConfig::from))
                .withMessageStartingWith("join.wait.then is wait");
    }

    @Test
    void settingsFromElsewhereObeyTheSameRules() {
        assertThat(Settings.of(JOB, Map.of("join.wait.then", "DROP"), "the deployment")
                        .into(JobConfig::from)
                        .join()
                        .waitThen())
                .isEqualTo(MissingRow.DROP);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.of(JOB, Map.of("join.wait.them", "drop"), "the deployment"))
                .withMessage("the deployment: join.wait.them is not a known key; did you mean join.wait.then?");
    }

    @Test
    void theListingShowsEveryKeyUnderItsHeadingAndWhereItWasSet() throws Exception {
        String file = file("\ndedup.retention: 30 s");

        assertThat(Settings.read(JOB, "--config", file, "--join.wait.then=drop").effective())
                .isEqualToNormalizingNewlines("""
                        Wire
                          wire.framing                     = single-object
                          wire.record.max-size             = 1 mb
                          wire.enriched.max-size           = 1000 kb
                          wire.writer-schemas              =
                        Trades
                          trades.key-by                    = instrument_id
                          dedup.retention                  = 30 s           (FILE, line 2)
                        Join
                          join.instrument.missing          = wait
                          join.user.missing                = wait
                          join.wait.timeout                = 1 min
                          join.wait.then                   = drop           (command line)
                          join.time                        = latest
                          join.as-of.wait                  = 0
                        Dimensions
                          dimensions.history               = 7 d
                          dimensions.max-versions          = 100
                          dimensions.ttl                   = 0
                          dimensions.tombstone.retention   = 1 d
                          dimensions.instrument.key-format = big-endian
                          dimensions.user.key-format       = big-endian
                        """.replace("FILE", file));
    }

    @Test
    void secretsAreShownNowhere() {
        Settings settings = Settings.read(
                SampleOptions.program(),
                "--sample.password",
                "hunter2",
                "--sample.client.sasl.jaas.config=hunter2",
                "--sample.client.ssl.keystore.password=hunter2");

        assertThat(settings.effective()).doesNotContain("hunter2");
        assertThat(settings.shown())
                .contains(
                        entry("sample.password", "******"),
                        entry("sample.client.sasl.jaas.config", "******"),
                        entry("sample.client.ssl.keystore.password", "******"));
        assertThat(settings.configuration().get(SampleOptions.PASSWORD)).isEqualTo("hunter2");
    }

    @Test
    void noDefaultIsShownAsNotSet() {
        assertThat(Settings.read(SampleOptions.program()).shown()).containsEntry("sample.title", "(not set)");
    }

    @Test
    void helpIsGivenEvenBesideAFault() {
        assertThat(Settings.read(JOB, "--nonsense", "--help").answer()).isPresent();
    }

    @Test
    void theVersionNamesTheProgram() {
        assertThat(Settings.read(JOB, "--version").answer().orElseThrow()).startsWith("bin/job ");
    }

    @Test
    void aRunIsWantedUnlessSomethingElseIsAskedFor() {
        assertThat(Settings.read(JOB).answer()).isEmpty();
    }

    @Test
    void aKeyDeclaredTwiceIsAProgrammersMistake() {
        var twice = new CommandDescription(
                "x",
                "",
                List.of(OptionGroup.of("A", SampleOptions.class), OptionGroup.of("B", SampleOptions.class)),
                List.of());

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Settings.read(twice))
                .withMessage("sample.title is declared twice");
    }

    private String file(String yaml) throws Exception {
        return Files.writeString(folder.resolve("job.yaml"), yaml).toString();
    }
}
