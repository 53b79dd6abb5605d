package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static final CommandDescription COMMAND = SampleOptions.command();

    @Test
    void readsEveryType() {
        Configuration configuration = Settings.read(
                        COMMAND,
                        "--sample.title=a=b c",
                        "--sample.count",
                        "-7",
                        "--sample.total=9000000000",
                        "--sample.fraction=0.25",
                        "--sample.switch",
                        "TRUE",
                        "--sample.size=3 kb",
                        "--sample.color=dark-blue",
                        "--sample.names=x, y",
                        "--sample.client.retries=5",
                        "--sample.client.security.protocol",
                        "SSL",
                        "--wait.poll.timeout=2 min")
                .configuration();

        assertThat(configuration.get(SampleOptions.TITLE)).isEqualTo("a=b c");
        assertThat(configuration.get(SampleOptions.COUNT)).isEqualTo(-7);
        assertThat(configuration.get(SampleOptions.TOTAL)).isEqualTo(9_000_000_000L);
        assertThat(configuration.get(SampleOptions.FRACTION)).isEqualTo(0.25);
        assertThat(configuration.get(SampleOptions.SWITCH)).isTrue();
        assertThat(configuration.get(SampleOptions.SIZE)).isEqualTo(new MemorySize(3 << 10));
        assertThat(configuration.get(SampleOptions.COLOR)).isEqualTo(SampleOptions.Color.DARK_BLUE);
        assertThat(configuration.get(SampleOptions.NAMES)).containsExactly("x", "y");
        assertThat(configuration.get(SampleOptions.CLIENT))
                .containsOnly(entry("retries", "5"), entry("security.protocol", "SSL"));
        assertThat(configuration.get(SampleOptions.TIMEOUT)).isEqualTo(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dark-blue", "DARK_BLUE", "Dark_Blue", "dark_BLUE"})
    void acceptsAChoiceInAnyCaseWithHyphenOrUnderscore(String text) {
        assertThat(Settings.read(COMMAND, "--sample.color", text)
                        .configuration()
                        .get(SampleOptions.COLOR))
                .isEqualTo(SampleOptions.Color.DARK_BLUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
                    --wait.poll.timout=5 s          > wait.poll.timout is not a known key; did you mean wait.poll.timeout?
                    --poll.timeout=5 s              > poll.timeout is not a known key; did you mean wait.poll.timeout?
                    --wait.poll_timeout=5 s         > wait.poll_timeout is not a known key; did you mean wait.poll.timeout?
                    --confg=x                       > confg is not a known key; did you mean config?
                    --group.offsets=latest          > group.offsets is not a known key; --help lists all keys
                    --sample.count.extra=1          > sample.count.extra is not a known key; did you mean sample.count?
                    -sample.count=1                 > sample.count needs two dashes: --sample.count
                    -x                              > x is not a known key; --help lists all keys
                    --wait.poll=5 s                 > wait.poll is not a key but a prefix of keys, for example wait.poll.timeout
                    --sample.client=x               > sample.client takes no value itself, but keys below it: sample.client.NAME
                    --sample.count                  > sample.count has no value; give it one, or leave the key out
                    --sample.count=                 > sample.count has no value; give it one, or leave the key out
                    --sample.count|--wire.x|y       > sample.count has no value; give it one, or leave the key out
                    --sample.count|--sample.color|red > sample.count has no value; give it one, or leave the key out
                    --config                        > config has no value; give it one, or leave the key out
                    --sample.count=1|--sample.count=2 > sample.count is given twice on the command line; keep one of them
                    --config=a|--config=b           > config is given twice on the command line; keep one of them
                    1 h                             > '1 h' has no key; settings are written as --key value
                    --wait.poll.timeout|1|h         > 'h' has no key; settings are written as --key value
                    --wait.poll.timeout=soon        > wait.poll.timeout is 'soon', but takes a duration such as 500 ms, 30 s or 1 h
                    --wait.poll.timeout=-1 s        > wait.poll.timeout is '-1 s', but takes a duration such as 500 ms, 30 s or 1 h
                    --sample.size=big               > sample.size is 'big', but takes a size such as 512 kb or 1 mb
                    --sample.count=3000000000       > sample.count is '3000000000', but takes a whole number of at most 2147483647
                    --sample.total=1.5              > sample.total is '1.5', but takes a whole number
                    --sample.fraction=half          > sample.fraction is 'half', but takes a number such as 0.5
                    --sample.switch=yes             > sample.switch is 'yes', but takes true or false
                    --sample.color=blue             > sample.color is 'blue', but takes red, green or dark-blue
                    --sample.shade=blue             > sample.shade is 'blue', but takes green or dark-blue
                    --sample.period=week            > sample.period is 'week', but takes per_day or per_hour
                    """)
    void rejectsAWrongArgumentInOneSentence(String args, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(COMMAND, args.split("\\|", -1)))
                .withMessage(sentence);
    }

    @Test
    void prefersHelpToErrors() {
        assertThat(Settings.read(COMMAND, "--nonsense", "--help").helpOrVersion())
                .hasValue(HelpPage.of(COMMAND));
        assertThat(Settings.read(COMMAND, "-h").helpOrVersion()).isPresent();
    }

    @Test
    void showsTheNameOfTheCommandWithTheVersion() {
        assertThat(Settings.read(COMMAND, "--version").helpOrVersion().orElseThrow())
                .startsWith("bin/sample ");
    }

    @Test
    void hasNothingToPrintForARun() {
        assertThat(Settings.read(COMMAND).helpOrVersion()).isEmpty();
    }

    @Test
    void leavesTheArgumentsAfterTwoDashesUnread() {
        var command = new CommandDescription("bin/submit", "Submits.", COMMAND.groups(), List.of(), true);

        Settings settings = Settings.read(command, "--sample.count=5", "--", "--nonsense", "--", "--help");

        assertThat(settings.trailingArguments()).containsExactly("--nonsense", "--", "--help");
        assertThat(settings.helpOrVersion()).isEmpty();
        assertThat(settings.configuration().get(SampleOptions.COUNT)).isEqualTo(5);
    }

    @Test
    void rejectsTwoDashesWhereNoArgumentsFollow() {
        assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> Settings.read(COMMAND, "--", "--x"));
    }

    @Test
    void rejectsAKeyThatIsDeclaredTwice() {
        var twice = new CommandDescription(
                "x",
                "",
                List.of(OptionGroup.of("A", SampleOptions.class), OptionGroup.of("B", SampleOptions.class)),
                List.of());

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Settings.read(twice))
                .withMessage("sample.title is declared twice");
    }
}
