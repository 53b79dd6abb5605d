package io.tradeenrichment.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.deploy.DeployOptions;
import io.tradeenrichment.cli.embedded.EmbeddedOptions;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Setting;
import io.tradeenrichment.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationDocsTest {
    private static final String REGENERATE = "mvn -q test -Dtest=ConfigurationDocsTest -Ddocs.write=true";

    @BeforeAll
    static void regenerate() throws Exception {
        if (Boolean.getBoolean("docs.write")) {
            for (Map.Entry<Path, String> file : ConfigurationDocs.files().entrySet()) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue());
            }
        }
    }

    static List<Path> generatedFiles() {
        return List.copyOf(ConfigurationDocs.files().keySet());
    }

    @ParameterizedTest
    @MethodSource("generatedFiles")
    void aGeneratedFileMatchesTheOptions(Path file) {
        assertThat(file)
                .withFailMessage("%s differs from the options; run %s to regenerate", file, REGENERATE)
                .exists()
                .hasContent(ConfigurationDocs.files().get(file));
    }

    @Test
    void theJobFileSetsEveryJobKeyToItsDefault() {
        CommandDescription job = new CommandDescription("job", "", ConfigurationDocs.jobGroups(), List.of());
        Settings fromFile = Settings.read(job, "--config", ConfigurationDocs.JOB_YAML.toString());
        Settings defaults = Settings.read(job);

        List<String> withDefault = defaults.effectiveValues().entrySet().stream()
                .filter(setting -> !setting.getValue().equals("(not set)"))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(fromFile.configuration().keySet()).containsExactlyInAnyOrderElementsOf(withDefault);
        assertThat(fromFile.effectiveValues()).isEqualTo(defaults.effectiveValues());
        assertThat(fromFile.bind(JobConfig::from)).isEqualTo(defaults.bind(JobConfig::from));
    }

    @Test
    void listsEveryKeyInTheTables() throws Exception {
        String tables = Files.readString(ConfigurationDocs.CONFIGURATION_MD);

        assertThat(keys(ConfigurationDocs.jobGroups()))
                .allSatisfy(key -> assertThat(tables).containsAnyOf("| `" + key + "` |", "| `" + key + ".NAME` |"));
        assertThat(keys(EmbeddedOptions.groups()))
                .allSatisfy(key -> assertThat(tables).contains("| `" + key + "` |"));
        assertThat(keys(DeployOptions.groups()))
                .allSatisfy(key -> assertThat(tables).contains("| `" + key + "` |"));
        assertThat(keys(ConfigurationDocs.commandGroups()))
                .allSatisfy(key -> assertThat(tables).contains("| `" + key + "` |"));
    }

    @Test
    void theJobFileHasNoKeyOfTheEmbeddedRun() throws Exception {
        assertThat(Files.readString(ConfigurationDocs.JOB_YAML)).doesNotContain("\nembedded.");
    }

    private static List<String> keys(List<OptionGroup> groups) {
        return groups.stream()
                .flatMap(group -> group.settings().stream())
                .map(Setting::key)
                .toList();
    }
}
