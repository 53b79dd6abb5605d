package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HelpPageTest {

    @Test
    void showsTheUsageThenEveryKeyWithItsTypeAndDefault() {
        assertThat(HelpPage.of(SampleOptions.command())).isEqualToNormalizingNewlines("""
                        Accepts settings of every type.

                        Usage
                          bin/sample [--config FILE] [--key value]...

                        Examples
                          bin/sample --sample.count 5

                        Options
                          --config FILE
                              Reads keys from a YAML file. A key on the command line overrides the file.
                          --help
                              Prints this page.
                          --version
                              Prints the version.

                        Samples
                          --sample.title text
                              A 100 % made-up title.
                          --sample.count number                                                           default: 1
                              A count.
                          --sample.total number                                                           default: 1
                              A total.
                          --sample.fraction decimal                                                     default: 0.5
                              A fraction.
                          --sample.switch true|false                                                  default: false
                              A switch.
                          --sample.size size                                                           default: 1 mb
                              A size.
                          --sample.color red|green|dark-blue                                            default: red
                              A choice.
                          --sample.shade green|dark-blue                                              default: green
                              A choice without one constant.
                          --sample.period per_day|per_hour                                          default: per_day
                              A choice with names of its own.
                          --sample.names text,text,...                                                 default: a, b
                              Some names.
                          --sample.client.NAME text
                              Properties of a client.
                          --sample.password text                                                   default: changeme
                              A secret.

                        Wait
                          --wait.poll.timeout duration                                                 default: 90 s
                              A description that is longer than one line of the help page, so that it is broken
                              between words, never within a key such as wait.poll.timeout or sample.names.
                        """);
    }

    @Test
    void showsTheArgumentsOfTheJobAfterTwoDashes() {
        var command = new CommandDescription("bin/submit", "Submits.", List.of(), List.of(), true);

        assertThat(HelpPage.of(command))
                .contains("bin/submit [--config FILE] [--key value]... [-- SETTINGS OF THE JOB]");
    }

    @Test
    void leavesOutHiddenSettings() {
        OptionGroup group = OptionGroup.of("Samples", SampleOptions.class);

        assertThat(help(group.showing("sample.count")))
                .contains("Samples", "--sample.count")
                .doesNotContain("--sample.title");
        assertThat(help(group.hidden())).doesNotContain("Samples", "--sample");
    }

    private static String help(OptionGroup group) {
        return HelpPage.of(new CommandDescription("bin/sample", "Shows.", List.of(group), List.of()));
    }
}
