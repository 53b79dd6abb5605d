package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final CommandDescription COMMAND = SampleOptions.command();

    @TempDir
    Path folder;

    @Test
    void theCommandLineOverridesTheFileAndTheFileOverridesTheDefault() throws Exception {
        String file = file("sample.count: 2\nsample.total: 2");

        assertThat(Settings.read(COMMAND, "--sample.count", "3", "--config", file)
                        .effectiveValues())
                .contains(entry("sample.count", "3"), entry("sample.total", "2"), entry("sample.fraction", "0.5"));
    }

    @Test
    void anEmptyListOnTheCommandLineOverridesTheFile() throws Exception {
        String file = file("sample.names: [x]");

        assertThat(Settings.read(COMMAND, "--config", file, "--sample.names=").effectiveValues())
                .containsEntry("sample.names", "");
    }

    @Test
    void rejectsAWrongValueInTheFileThatTheCommandLineOverrides() throws Exception {
        String file = file("sample.count: many");

        assertRejected("--config", file, "--sample.count=1")
                .withMessageStartingWith(file + ", line 1: sample.count is 'many'");
    }

    @Test
    void mergesTheEntriesOfAMap() throws Exception {
        String file = file("sample.client: {retries: 5, linger.ms: 1}");

        assertThat(Settings.read(COMMAND, "--config", file, "--sample.client.retries=9")
                        .configuration()
                        .get(SampleOptions.CLIENT))
                .containsOnly(entry("retries", "9"), entry("linger.ms", "1"));
    }

    @Test
    void addsTheFileAndLineToTheErrorOfARecord() throws Exception {
        String file = file("sample.total: 1\nsample.count: 0");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(COMMAND, "--config", file).bind(SettingsTest::positiveCount))
                .withMessage(file + ", line 2: sample.count is 0, but it must be at least 1");
    }

    @Test
    void addsNothingToTheErrorOfARecordForTheCommandLine() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(COMMAND, "--sample.count=0").bind(SettingsTest::positiveCount))
                .withMessage("sample.count is 0, but it must be at least 1");
    }

    private static int positiveCount(Configuration configuration) {
        return new CheckedConfiguration(configuration).between(1, Integer.MAX_VALUE, SampleOptions.COUNT);
    }

    @Test
    void appliesTheSameRulesToSettingsFromAnotherSource() {
        assertThat(Settings.of(COMMAND, Map.of("sample.color", "GREEN"), "the deployment")
                        .configuration()
                        .get(SampleOptions.COLOR))
                .isEqualTo(SampleOptions.Color.GREEN);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.of(COMMAND, Map.of("sample.colour", "green"), "the deployment"))
                .withMessage("the deployment: sample.colour is not a known key; did you mean sample.color?");
    }

    @Test
    void listsEveryKeyUnderItsHeadingWithItsOrigin() throws Exception {
        String file = file("\nwait.poll.timeout: 30 s");

        assertThat(Settings.read(COMMAND, "--config", file, "--sample.count=3").effectiveListing())
                .isEqualToNormalizingNewlines("""
                        Samples
                          sample.title      = (not set)
                          sample.count      = 3          (command line)
                          sample.total      = 1
                          sample.fraction   = 0.5
                          sample.switch     = false
                          sample.size       = 1 mb
                          sample.color      = red
                          sample.shade      = green
                          sample.period     = per_day
                          sample.names      = a, b
                          sample.password   = ******
                        Wait
                          wait.poll.timeout = 30 s       (FILE, line 2)
                        """.replace("FILE", file));
    }

    @Test
    void acceptsHiddenSettingsWithoutShowingThem() {
        var command = new CommandDescription(
                "bin/sample",
                "",
                List.of(OptionGroup.of("Samples", SampleOptions.class).showing("sample.count")),
                List.of());

        assertThat(Settings.read(command, "--sample.title=x").effectiveValues()).containsOnlyKeys("sample.count");
    }

    @Test
    void redactsSecrets() {
        Settings settings = Settings.read(
                COMMAND,
                "--sample.password",
                "hunter2",
                "--sample.client.sasl.jaas.config=password=hunter2",
                "--sample.client.ssl.keystore.password=hunter2");

        assertThat(settings.effectiveListing()).doesNotContain("hunter2");
        assertThat(settings.commandLineWithout("none.")).doesNotContain("hunter2");
        assertThat(settings.effectiveValues())
                .contains(
                        entry("sample.password", "******"),
                        entry("sample.client.sasl.jaas.config", "******"),
                        entry("sample.client.ssl.keystore.password", "******"));
        assertThat(settings.configuration().get(SampleOptions.PASSWORD)).isEqualTo("hunter2");
    }

    @Test
    void writesTheCommandLineForAnotherCommand() throws Exception {
        Path file = Files.writeString(folder.resolve("it's mine.yaml"), "sample.total: 5\n");
        Settings settings =
                Settings.read(COMMAND, "--wait.poll.timeout=2 h", "--config", file.toString(), "--sample.count", "7");

        assertThat(settings.commandLineWithout("wait."))
                .isEqualTo("--config '" + folder + "/it'\\''s mine.yaml' --sample.count 7");
        assertThat(settings.commandLineWithout("sample.")).endsWith(" --wait.poll.timeout '2 h'");
    }

    @Test
    void writesTheFileAndTheCommandLineAsArguments() throws Exception {
        String file = file("sample: {names: [x, y], password: '${env:PASSWORD}'}");

        assertThat(Settings.read(COMMAND, "--config", file, "--sample.count=7").toArguments())
                .containsOnly(
                        entry("sample.names", "x,y"),
                        entry("sample.password", "${env:PASSWORD}"),
                        entry("sample.count", "7"));
    }

    @Test
    void rejectsASecretAsAnArgument() throws Exception {
        Settings settings = Settings.read(COMMAND, "--config", file("sample.password: hunter2"));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::toArguments)
                .withMessageContaining("line 1: sample.password is a secret, and arguments are stored and displayed");
    }

    @Test
    void rejectsAListElementWithACommaAsAnArgument() throws Exception {
        Settings settings = Settings.read(COMMAND, "--config", file("sample.names: ['a,b']"));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::toArguments)
                .withMessageContaining("sample.names has a list element with a comma");
    }

    private static ThrowableAssertAlternative<SettingsException> assertRejected(String... args) {
        return assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> Settings.read(COMMAND, args));
    }

    private String file(String yaml) throws Exception {
        return Files.writeString(folder.resolve("job.yaml"), yaml).toString();
    }
}
