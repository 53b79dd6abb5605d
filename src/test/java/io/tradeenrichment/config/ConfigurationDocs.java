package io.tradeenrichment.config;

import io.tradeenrichment.cli.deploy.DeployOptions;
import io.tradeenrichment.cli.embedded.EmbeddedOptions;
import io.tradeenrichment.cli.preflight.PreflightOptions;
import io.tradeenrichment.cli.tools.GenerateOptions;
import io.tradeenrichment.cli.tools.TailOptions;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Setting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files that are generated from the options. */
final class ConfigurationDocs {
    static final Path JOB_YAML = Path.of("conf", "job.yaml");
    static final Path CONFIGURATION_MD = Path.of("docs", "configuration.md");

    private static final int WIDTH = 100;

    private ConfigurationDocs() {}

    /** Every generated file and its content. */
    static Map<Path, String> files() {
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(JOB_YAML, jobYaml(jobGroups()));
        files.put(CONFIGURATION_MD, configurationMd(jobGroups()));
        return files;
    }

    /** The settings of the job on a cluster. */
    static List<OptionGroup> jobGroups() {
        return Stream.of(JobOptions.groups(), KafkaOptions.groups(), RegistryOptions.groups())
                .flatMap(List::stream)
                .toList();
    }

    /** The settings of the commands alone. */
    static List<OptionGroup> commandGroups() {
        return Stream.of(GenerateOptions.groups(), TailOptions.groups(), PreflightOptions.groups())
                .flatMap(List::stream)
                .toList();
    }

    static String jobYaml(List<OptionGroup> groups) {
        var yaml = new StringBuilder();
        comment(yaml, "All settings of the job with their defaults; docs/configuration.md lists them in tables.");
        comment(
                yaml,
                "A key on the command line (--key value) overrides this file, and a missing key has its default. "
                        + "An unknown key is an error. Keys may be nested instead of dotted.");
        comment(
                yaml,
                "The keys of the embedded run (embedded.*) are not listed, because the job on a cluster rejects "
                        + "them; set them on the command line or in a separate file.");
        comment(
                yaml,
                "Keys of a dimension contain its name. A description has NAME instead, and applies to all names of "
                        + "dimensions.names.");
        comment(yaml, "This file is generated from the code; edit a copy of it.");
        for (OptionGroup group : groups) {
            yaml.append("\n# ---- ").append(group.heading()).append(" ----\n");
            group.settings().forEach(setting -> yaml.append('\n').append(entries(setting)));
        }
        return yaml.toString();
    }

    /** A pattern has an entry for each default name, below one description. */
    private static String entries(Setting setting) {
        var entries = new StringBuilder();
        comment(entries, setting.description());
        comment(entries, "(" + setting.typeName() + ")");
        setting.forDefaultNames().forEach(named -> entries.append(entry(named)));
        return entries.toString();
    }

    private static String entry(Setting setting) {
        var entry = new StringBuilder();
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
        yaml.append(text.replaceAll("(.{1," + (WIDTH - 2) + "})(\\s+|$)", "# $1\n"));
    }

    static String configurationMd(List<OptionGroup> job) {
        var md = new StringBuilder("""
                # Configuration

                <!-- Generated from the options in the code; regenerate it with
                     mvn -q test -Dtest=ConfigurationDocsTest -Ddocs.write=true -->

                A setting has its value from the command line, or else from the file that `--config` names, or else its
                default. `--help` shows all settings in the terminal. Submitted to a cluster without any arguments, the job
                reads `job.yaml` in the folder of the cluster's `config.yaml`, if it exists.

                ```
                --config conf/job.yaml --join.wait.timeout "30 s" --join.user.missing=partial
                ```

                The file is YAML. Keys are dotted or nested:

                ```yaml
                join.wait.timeout: 30 s
                join:
                  user:
                    missing: partial
                ```

                - An unknown key, a key that occurs twice in one place, a value of the wrong type, and values that contradict
                  each other are errors. The error message is one sentence, which names the key and, for a key in a file, its
                  line.
                - Durations have a unit: `500 ms`, `30 s`, `1 min`, `1 h`, `1 d`; a number alone is milliseconds. Sizes have a
                  unit too: `512 kb`, `1 mb`; a number alone is bytes.
                - Choices are accepted in upper and lower case, with `-` or `_`.
                - In `dimensions.NAME.field` and other keys with `NAME`, a name of `dimensions.names` takes the place of
                  `NAME`: `dimensions.account.field`, `kafka.topics.accounts`. A key whose name is not in the list is an
                  error. In `kafka.client.NAME`, any property takes its place.
                - Lists are YAML lists in the file, and comma-separated texts on the command line.
                - The job prints its effective settings at start, and Flink's web UI shows them (Job, Configuration). Secrets
                  are redacted.
                - Settings of the Flink cluster (parallelism, state backend, checkpoints) belong to the cluster's
                  configuration, not here.

                ## Settings of the job

                `conf/job.yaml` lists them all with their defaults. The embedded run accepts the settings of Kafka and of the
                registry too, but does not use them, so that one file serves both.
                """);
        job.forEach(group -> table(md, group));
        md.append("""

                ## Settings of the embedded run alone

                Only the embedded run accepts these settings. The job on a cluster rejects them, so `conf/job.yaml` does not
                contain them.
                """);
        EmbeddedOptions.groups().forEach(group -> table(md, group));
        md.append("""

                ## Settings of the commands alone

                `deploy/generate` and `deploy/tail` accept these settings and all settings of the job. Of the latter they use
                those of the Kafka connection, the topics, the framing, the schemas and the registry. `deploy/preflight` accepts and uses
                all settings of the job. The job rejects the settings of the commands: set them on the command line if one
                file is to serve the job and the commands.
                """);
        commandGroups().forEach(group -> table(md, group));
        md.append("""

                ## Settings of deploying

                `deploy/submit`, `deploy/upgrade`, `deploy/rescale` and `deploy/rollback` accept these settings; `--help` of
                each command lists its own. The settings of the job follow after `--`. A file for one cluster
                (`deploy/rescale 3 --config cluster.yaml`) may hold the keys that all four commands accept: `cluster`,
                `start` and `verify`.
                """);
        DeployOptions.groups().forEach(group -> table(md, group));
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
