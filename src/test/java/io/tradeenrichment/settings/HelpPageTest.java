package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.config.JobOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class HelpPageTest {

    @Test
    void showsHowToStartThenEveryKeyWithItsKindAndDefault() {
        assertThat(new HelpPage(SampleOptions.program()).text(Ansi.OFF)).isEqualToNormalizingNewlines("""
                        Shows what settings can be.

                        Usage
                          bin/sample [--config FILE] [--key value]...

                        Examples
                          bin/sample --sample.count 5

                        Options
                          --config FILE
                              Reads keys from a YAML file. A key on the command line wins over the file.
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
                          --sample.part decimal                                                         default: 0.5
                              A part.
                          --sample.switch true|false                                                  default: false
                              A switch.
                          --sample.pause duration                                                      default: 90 s
                              A pause.
                          --sample.room size                                                           default: 1 mb
                              A size.
                          --sample.choice partial|wait|drop|dead-letter                                default: drop
                              A choice.
                          --sample.names text,text,...                                                 default: a, b
                              Some names.
                          --sample.client.NAME text
                              What a client is told.
                          --sample.password text                                                   default: changeme
                              A secret.
                        """);
    }

    @Test
    void hasEveryKeyOfTheJobAndFitsATerminal() {
        var job = new CommandDescription("bin/job", "Joins trades.", JobOptions.groups(), List.of());

        String page = new HelpPage(job).text(Ansi.OFF);

        assertThat(JobOptions.groups()).allSatisfy(group -> {
            assertThat(page).contains(group.heading());
            assertThat(group.settings()).allSatisfy(setting -> assertThat(page).contains("--" + setting.key() + " "));
        });
        assertThat(page.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(92));
    }

    @Test
    void isColouredWhereATerminalIsToBeColoured() {
        assertThat(new HelpPage(SampleOptions.program()).text(Ansi.ON))
                .contains("\u001B[1m--sample.choice\u001B[21m\u001B[0m partial|wait|drop|dead-letter");
    }
}
