package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.net.MalformedURLException;
import java.net.URL;
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
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a command. A key that a command does not take has its default.
 *
 * @param cluster its address, for messages
 * @param client configuration of Flink's REST client
 * @param savepointFolder null for the cluster's default
 * @param startTimeout until every task runs, and then until a checkpoint is complete
 */
record DeployConfig(
        String cluster,
        Configuration client,
        Duration answerTimeout,
        Path record,
        Optional<Path> jar,
        Optional<Integer> parallelism,
        @Nullable String savepointFolder,
        Duration savepointTimeout,
        Duration startTimeout,
        Duration verifyFor) {

    /** @throws SettingsException if a value cannot be used */
    static DeployConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        Configuration client =
                optional(checked, DeployOptions.CONFIG).map(DeployConfig::load).orElseGet(Configuration::new);
        if (checked.isSet(DeployOptions.URL) || !checked.isSet(DeployOptions.CONFIG)) {
            locate(client, checked.get(DeployOptions.URL));
        }
        String cluster = address(client);
        return new DeployConfig(
                cluster,
                client,
                checked.durationOfAtLeast(Duration.ofMillis(1), DeployOptions.ANSWER_TIMEOUT),
                optional(checked, DeployOptions.RECORD).map(Path::of).orElseGet(() -> defaultRecord(cluster)),
                optional(checked, DeployOptions.JAR).map(Path::of),
                optional(checked, DeployOptions.PARALLELISM)
                        .map(any -> checked.between(1, Integer.MAX_VALUE, DeployOptions.PARALLELISM)),
                optional(checked, DeployOptions.SAVEPOINT_FOLDER).orElse(null),
                checked.duration(DeployOptions.SAVEPOINT_TIMEOUT),
                checked.duration(DeployOptions.START_TIMEOUT),
                checked.duration(DeployOptions.VERIFY_FOR));
    }

    static <T> Optional<T> optional(CheckedConfiguration checked, ConfigOption<T> option) {
        return checked.isSet(option) ? Optional.of(checked.get(option)) : Optional.empty();
    }

    static SettingsException refused(ConfigOption<?> option, String sentence) {
        return new SettingsException(option.key(), option.key() + " " + sentence);
    }

    private static Configuration load(String folder) {
        try {
            return GlobalConfiguration.loadConfiguration(folder);
        } catch (RuntimeException e) {
            String cause = "is " + folder + ", but has no readable config.yaml of Flink: " + e.getMessage();
            throw refused(DeployOptions.CONFIG, cause);
        }
    }

    private static void locate(Configuration client, String text) {
        try {
            URL url = new URL(text.replaceFirst("/+$", ""));
            if (!url.getProtocol().startsWith("http") || url.getHost().isEmpty() || url.getUserInfo() != null) {
                throw new MalformedURLException();
            }
            int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
            client.set(HighAvailabilityOptions.HA_MODE, HighAvailabilityMode.NONE.name());
            client.set(SecurityOptions.SSL_REST_ENABLED, url.getProtocol().equals("https"));
            client.set(RestOptions.ADDRESS, url.getHost());
            client.set(RestOptions.PORT, port);
            client.set(RestOptions.PATH, url.getPath());
            // The name in the TLS handshake.
            client.set(JobManagerOptions.ADDRESS, url.getHost());
            client.set(JobManagerOptions.PORT, port);
        } catch (MalformedURLException e) {
            String rule =
                    "is not an address such as http://host:8081; the environment variable FLINK_REST_CLIENT_HEADERS"
                            + " sends a user name, in the header Authorization";
            throw refused(DeployOptions.URL, rule);
        }
    }

    private static String address(Configuration client) {
        if (HighAvailabilityMode.isHighAvailabilityModeActivated(client)) {
            String quorum = client.get(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM, "kubernetes");
            return quorum + client.get(HighAvailabilityOptions.HA_CLUSTER_ID);
        }
        return (SecurityOptions.isRestSSLEnabled(client) ? "https://" : "http://") + client.get(RestOptions.ADDRESS)
                + ":" + client.get(RestOptions.PORT) + client.get(RestOptions.PATH);
    }

    private static Path defaultRecord(String cluster) {
        String name = cluster.replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9._]+", "-");
        return Path.of(System.getProperty("user.home"), ".trade-enrichment", name);
    }
}
