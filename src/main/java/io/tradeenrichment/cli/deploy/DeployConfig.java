package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a command. A key that a command does not take has its default.
 *
 * @param cluster its address, for messages
 * @param client configuration of Flink's REST client
 * @param record folder of the deployment record
 * @param parallelism null if it is not set
 * @param savepointFolder null for the cluster's default
 * @param verifyFor time without a failure
 * @param verifyTimeout for a checkpoint and the totals, after that time
 */
record DeployConfig(
        String cluster,
        Configuration client,
        Duration answerTimeout,
        Path record,
        Optional<Path> jar,
        @Nullable Integer parallelism,
        @Nullable String savepointFolder,
        SavepointFormatType savepointFormat,
        Duration savepointTimeout,
        Duration startTimeout,
        Duration verifyFor,
        Duration verifyTimeout) {

    /** @throws SettingsException if a value cannot be used */
    static DeployConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        Configuration client =
                optional(checked, DeployOptions.CONFIG).map(DeployConfig::load).orElseGet(Configuration::new);
        if (checked.isSet(DeployOptions.URL) || !checked.isSet(DeployOptions.CONFIG)) {
            locate(client, url(checked.get(DeployOptions.URL)));
        }
        String cluster = address(client);
        return new DeployConfig(
                cluster,
                client,
                checked.durationOfAtLeast(Duration.ofMillis(1), DeployOptions.ANSWER_TIMEOUT),
                optional(checked, DeployOptions.RECORD).map(Path::of).orElseGet(() -> defaultRecord(cluster)),
                optional(checked, DeployOptions.JAR).map(DeployConfig::jar),
                checked.isSet(DeployOptions.PARALLELISM)
                        ? checked.between(1, Integer.MAX_VALUE, DeployOptions.PARALLELISM)
                        : null,
                optional(checked, DeployOptions.SAVEPOINT_FOLDER).orElse(null),
                checked.get(DeployOptions.SAVEPOINT_FORMAT),
                checked.duration(DeployOptions.SAVEPOINT_TIMEOUT),
                checked.duration(DeployOptions.START_TIMEOUT),
                checked.duration(DeployOptions.VERIFY_FOR),
                checked.duration(DeployOptions.VERIFY_TIMEOUT));
    }

    static Optional<String> optional(CheckedConfiguration checked, ConfigOption<String> option) {
        return checked.isSet(option) ? Optional.of(checked.get(option)) : Optional.empty();
    }

    static SettingsException refused(ConfigOption<?> option, String sentence) {
        return new SettingsException(option.key(), option.key() + " " + sentence);
    }

    private static Configuration load(String folder) {
        Configuration flink;
        try {
            flink = GlobalConfiguration.loadConfiguration(folder);
        } catch (RuntimeException e) {
            throw refused(
                    DeployOptions.CONFIG,
                    "is " + folder + ", but has no readable config.yaml of Flink: " + e.getMessage());
        }
        if (!flink.contains(RestOptions.ADDRESS) && !HighAvailabilityMode.isHighAvailabilityModeActivated(flink)) {
            throw refused(
                    DeployOptions.CONFIG,
                    "is " + folder + ", but its config.yaml sets neither rest.address nor high-availability.type");
        }
        return flink;
    }

    private static void locate(Configuration client, URI url) {
        boolean isTls = url.getScheme().equals("https");
        int port = url.getPort() < 0 ? isTls ? 443 : 80 : url.getPort();
        client.set(HighAvailabilityOptions.HA_MODE, HighAvailabilityMode.NONE.name());
        client.set(SecurityOptions.SSL_REST_ENABLED, isTls);
        client.set(RestOptions.ADDRESS, url.getHost());
        client.set(RestOptions.PORT, port);
        client.set(RestOptions.PATH, url.getRawPath());
        // The name in the TLS handshake.
        client.set(JobManagerOptions.ADDRESS, url.getHost());
        client.set(JobManagerOptions.PORT, port);
    }

    private static String address(Configuration client) {
        if (HighAvailabilityMode.isHighAvailabilityModeActivated(client)) {
            return client.get(HighAvailabilityOptions.HA_MODE) + "://"
                    + client.get(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM, "")
                    + client.get(HighAvailabilityOptions.HA_CLUSTER_ID);
        }
        return (SecurityOptions.isRestSSLEnabled(client) ? "https://" : "http://") + client.get(RestOptions.ADDRESS)
                + ":" + client.get(RestOptions.PORT) + client.get(RestOptions.PATH);
    }

    private static Path defaultRecord(String cluster) {
        String name = cluster.replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9._]+", "-");
        return Path.of(System.getProperty("user.home"), ".trade-enrichment", name);
    }

    private static URI url(String text) {
        URI url;
        try {
            url = URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw noAddress(text);
        }
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw refused(
                    DeployOptions.URL,
                    "has a user name in it, which Flink's REST client does not send; set the header Authorization by the environment"
                            + " variable FLINK_REST_CLIENT_HEADERS");
        }
        CheckedConfiguration.rejectUnderscoreInHost(DeployOptions.URL, url);
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw noAddress(text);
        }
        return url;
    }

    private static SettingsException noAddress(String text) {
        return refused(DeployOptions.URL, "is '" + text + "', but must be an address such as http://host:8081");
    }

    private static Path jar(String text) {
        Path jar = Path.of(text);
        if (!Files.isRegularFile(jar)) {
            throw refused(DeployOptions.JAR, "is " + text + ", which is no file; mvn -B package builds the job's jar");
        }
        return jar;
    }
}
