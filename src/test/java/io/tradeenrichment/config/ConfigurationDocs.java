package io.tradeenrichment.config;

import io.tradeenrichment.cli.embedded.EmbeddedOptions;
import io.tradeenrichment.cli.preflight.PreflightOptions;
import io.tradeenrichment.cli.tools.GenerateOptions;
import io.tradeenrichment.cli.tools.TailOptions;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.operations.OperationsOptions;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Setting;
import io.tradeenrichment.settings.TextWrap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files about settings that are written from the options themselves. */
final class ConfigurationDocs {
    static final Path JOB_YAML = Path.of("conf", "job.yaml");
    static final Path CONFIGURATION_MD = Path.of("docs", "configuration.md");

    private static final int WIDTH = 100;

    private ConfigurationDocs() {}

    /** Every generated file with what it should hold. */
    static Map<Path, String> files() {
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(JOB_YAML, jobYaml(jobGroups()));
        files.put(CONFIGURATION_MD, configurationMd(jobGroups()));
        return files;
    }

    /** What the job takes on a cluster. */
    static List<OptionGroup> jobGroups() {
        return Stream.of(JobOptions.groups(), KafkaOptions.groups(), RegistryOptions.groups())
                .flatMap(List::stream)
                .toList();
    }

    /** What only the commands take. */
    static List<OptionGroup> commandGroups() {
        return Stream.of(GenerateOptions.groups(), TailOptions.groups(), PreflightOptions.groups())
                .flatMap(List::stream)
                .toList();
    }

    static String jobYaml(List<OptionGroup> groups) {
        var yaml = new StringBuilder();
        comment(yaml, "Every setting of the job, with its default; docs/configuration.md has them as tables.");
        comment(
                yaml,
                "A key on the command line (--key value) wins over its line here, and a key that is left out has "
                        + "its default. A key that is not known stops the start. Keys may be nested in place of the dots.");
        comment(
                yaml,
                "The keys that only the embedded run takes (embedded.*) are not here, for the job on a cluster "
                        + "refuses them; give them on its command line, or in a file of your own.");
        comment(yaml, "This file is generated from the code; keep your own settings in a copy.");
        for (OptionGroup group : groups) {
            yaml.append("\n# ---- ").append(group.heading()).append(" ----\n");
            group.settings().forEach(setting -> yaml.append('\n').append(entry(setting)));
        }
        return yaml.toString();
    }

    private static String entry(Setting setting) {
        var entry = new StringBuilder();
        comment(entry, setting.description());
        comment(entry, "(" + setting.typeName() + ")");
        String value = setting.defaultText();
        if (setting.shape() == Setting.Shape.MAP) {
            entry.append("# ").append(setting.key()).append(".NAME:\n");
        } else if (value == null) {
            entry.append("# ").append(setting.key()).append(":\n");
        } else {
            entry.append(setting.key())
                    .append(": ")
                    .append(setting.shape() == Setting.Shape.LIST ? "[" + value + "]" : value)
                    .append('\n');
        }
        return entry.toString();
    }

    private static void comment(StringBuilder yaml, String text) {
        TextWrap.lines(text, WIDTH - 2)
                .forEach(line -> yaml.append("# ").append(line).append('\n'));
    }

    static String configurationMd(List<OptionGroup> job) {
        var md = new StringBuilder("""
                # Configuration

                <!-- Generated from the options in the code; write it anew with
                     mvn -q test -Dtest=ConfigurationDocsTest -Ddocs.write=true -->

                The value of a setting is the one on the command line, or else the one in the file that `--config` names, or
                else the default. `--help` shows all of them in the terminal. On a cluster, a main without any arguments takes
                for that file `job.yaml` beside the cluster's `config.yaml`.

                ```
                --config conf/job.yaml --join.wait.timeout "30 s" --join.user.missing=partial
                ```

                The file is YAML. Keys are written with dots or nested, as you like:

                ```yaml
                join.wait.timeout: 30 s
                join:
                  user:
                    missing: partial
                ```

                - A key that is not known, a key given twice in one place, a value of the wrong type, and values that
                  contradict each other stop the start with one sentence, which names the key and, if it stands in the file,
                  the line.
                - Durations have a unit: `500 ms`, `30 s`, `1 min`, `1 h`, `1 d`; a number alone is milliseconds. Sizes too:
                  `512 kb`, `1 mb`; a number alone is bytes.
                - Choices may be written in capitals or small letters, with `-` or `_`.
                - Lists are YAML lists in the file, and texts with commas between them on the command line.
                - What is in force is printed at start and shown in Flink's web UI (Job, Configuration), with the values of
                  secrets masked.
                - What belongs to the cluster (parallelism, state backend, checkpoints) is set there, not here.

                ## Settings of the job

                `conf/job.yaml` lists them all with their defaults. The embedded run takes those of Kafka and of the registry
                too, so that one file can serve both, and has no use for them.
                """);
        job.forEach(group -> table(md, group));
        md.append("""

                ## Settings of the embedded run alone

                The embedded run takes these beside the job's own; the job on a cluster refuses them, so they are not in
                `conf/job.yaml`.
                """);
        EmbeddedOptions.groups().forEach(group -> table(md, group));
        md.append("""

                ## Settings of the commands alone

                `deploy/generate` and `deploy/tail` take these beside the job's own, of which they read those that say where
                Kafka is and what its topics are called, how records are framed, and where the registry is.
                `deploy/preflight` takes all of the job's settings, as the job would be started with them. One file can serve
                them and the job, as long as these are not in it: give them on the command line.
                """);
        commandGroups().forEach(group -> table(md, group));
        md.append("""

                ## Settings of deploying

                `deploy/submit`, `deploy/upgrade`, `deploy/rescale` and `deploy/rollback` take these; each takes those that
                mean something to it, and its `--help` lists them. The job's own settings stand behind `--`. Whoever deploys
                to one cluster all the time keeps these in a file too: `deploy/rescale 3 --config cluster.yaml`, as long as
                every key in it is one that all of the commands take (`cluster`, `start`, `verify`).
                """);
        OperationsOptions.groups().forEach(group -> table(md, group));
        return md.toString();
    }

    private static void table(StringBuilder md, OptionGroup group) {
        md.append("\n### ").append(group.heading()).append("\n\n");
        md.append("| key | default | value | what it does |\n|---|---|---|---|\n");
        for (Setting setting : group.settings()) {
            String value = setting.defaultText();
            md.append(String.format(
                    "| `%s` | %s | %s | %s |\n",
                    setting.shape() == Setting.Shape.MAP ? setting.key() + ".NAME" : setting.key(),
                    value == null ? "(none)" : value.isEmpty() ? "(empty)" : "`" + value + "`",
                    cell(
                            setting.typeName().contains(" | ")
                                    ? "`" + setting.typeName().replace(" | ", "` `") + "`"
                                    : setting.typeName()),
                    cell(setting.description())));
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
