package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What a command was told, complete and checked. A command that does not take a key sees its default.
 *
 * @param record the folder of the deployment record
 * @param parallelism null if it is not said
 */
record OperationsConfig(
        URI cluster,
        Duration answerTimeout,
        Path record,
        Optional<Path> jar,
        @Nullable Integer parallelism,
        Savepoints savepoints,
        Duration startTimeout,
        Verification verification) {
    private static final int DEFAULT_HTTP = 80;

    /** @param folder null if the cluster's own is meant */
    record Savepoints(@Nullable String folder, OperationsOptions.Format format, Duration timeout) {}

    /**
     * @param quiet how long nothing may fail
     * @param timeout for a checkpoint and the totals, beyond that
     */
    record Verification(Duration quiet, Duration timeout) {}

    /** @throws SettingsException if a value cannot be used */
    static OperationsConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        URI cluster = url(checked.get(OperationsOptions.URL));
        return new OperationsConfig(
                cluster,
                checked.durationOfAtLeast(Duration.ofMillis(1), OperationsOptions.ANSWER_TIMEOUT),
                optional(checked, OperationsOptions.RECORD).map(Path::of).orElseGet(() -> usualRecord(cluster)),
                optional(checked, OperationsOptions.JAR).map(OperationsConfig::jar),
                checked.isSet(OperationsOptions.PARALLELISM)
                        ? checked.between(1, Integer.MAX_VALUE, OperationsOptions.PARALLELISM)
                        : null,
                new Savepoints(
                        optional(checked, OperationsOptions.SAVEPOINT_FOLDER).orElse(null),
                        checked.get(OperationsOptions.SAVEPOINT_FORMAT),
                        checked.duration(OperationsOptions.SAVEPOINT_TIMEOUT)),
                checked.duration(OperationsOptions.START_TIMEOUT),
                new Verification(
                        checked.duration(OperationsOptions.VERIFY_FOR),
                        checked.duration(OperationsOptions.VERIFY_TIMEOUT)));
    }

    static Optional<String> optional(CheckedConfiguration checked, ConfigOption<String> option) {
        return checked.isSet(option) ? Optional.of(checked.get(option)) : Optional.empty();
    }

    /** Several clusters may stand behind one proxy, told apart by the path. */
    private static Path usualRecord(URI cluster) {
        int port = cluster.getPort() < 0 ? DEFAULT_HTTP : cluster.getPort();
        String path = String.valueOf(cluster.getPath()).replaceAll("[^A-Za-z0-9._]+", "-");
        return Path.of(System.getProperty("user.home"), ".trade-enrichment", cluster.getHost() + "-" + port + path);
    }

    private static URI url(String text) {
        String key = OperationsOptions.URL.key();
        URI url;
        try {
            url = URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw noAddress(key, text);
        }
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw new SettingsException(
                    key, key + " has a user's name in it, which would come to stand in the record; leave it out");
        }
        CheckedConfiguration.rejectUnderscoreInHost(OperationsOptions.URL, url);
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw noAddress(key, text);
        }
        return url;
    }

    private static SettingsException noAddress(String key, String text) {
        return new SettingsException(key, key + " is '" + text + "', but takes an address such as http://host:8081");
    }

    private static Path jar(String text) {
        Path jar = Path.of(text);
        if (!Files.isRegularFile(jar)) {
            String key = OperationsOptions.JAR.key();
            throw new SettingsException(
                    key, key + ": there is no file " + text + "; mvn -B package makes the job's jar");
        }
        return jar;
    }
}
