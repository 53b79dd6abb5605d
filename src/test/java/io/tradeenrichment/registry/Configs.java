package io.tradeenrichment.registry;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Creates registry settings for tests. */
final class Configs {
    static final CommandDescription PROGRAM = new CommandDescription(
            "test",
            "",
            Stream.concat(JobOptions.groups().stream(), RegistryOptions.groups().stream())
                    .toList(),
            List.of());

    private Configs() {}

    /** Confluent framing, and a short timeout for the checks at start. */
    static RegistryConfig of(String urls, String... keysAndValues) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "wire.framing", "confluent",
                "registry.url", urls,
                "registry.timeout", "30 s",
                "registry.check.timeout", "300 ms"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return settings(settings).bind(RegistryConfig::from).orElseThrow();
    }

    static Settings settings(Map<String, String> settings) {
        return Settings.of(PROGRAM, settings, "the test");
    }
}
