package io.tradeenrichment.registry;

import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The job's registry settings, checked as far as is possible without a connection.
 *
 * @param urls at least one, without slashes at the end
 * @param login null without authentication
 */
public record RegistryConfig(
        List<URI> urls,
        RegistrationMode registration,
        Subjects subjects,
        Duration timeout,
        Duration checkTimeout,
        @Nullable Login login,
        TlsConfig tls)
        implements Serializable {

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);

    public RegistryConfig {
        urls = List.copyOf(urls);
    }

    /**
     * Empty if the framing needs no registry.
     *
     * @throws SettingsException if a value, or a combination of values, is not usable
     */
    public static Optional<RegistryConfig> from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        List<String> urls = checked.list(RegistryOptions.URL);
        if (!isNeeded(checked, urls)) {
            return Optional.empty();
        }
        var config = new RegistryConfig(
                urls.stream().map(RegistryConfig::url).toList(),
                checked.get(RegistryOptions.REGISTER),
                Subjects.from(checked),
                checked.durationOfAtLeast(MIN_TIMEOUT, RegistryOptions.TIMEOUT),
                checked.durationOfAtLeast(MIN_TIMEOUT, RegistryOptions.CHECK_TIMEOUT),
                Login.from(checked),
                TlsConfig.from(checked));
        config.rejectTlsWithoutHttps();
        return Optional.of(config);
    }

    private static boolean isNeeded(CheckedConfiguration checked, List<String> urls) {
        String key = RegistryOptions.URL.key();
        String framing = JobOptions.WIRE_FRAMING.key();
        boolean needed = checked.get(JobOptions.WIRE_FRAMING) == Framing.CONFLUENT;
        if (needed && urls.isEmpty()) {
            throw new SettingsException(
                    key,
                    key + " is not set, but " + framing
                            + " is confluent; give the schema registry's URL, for example http://registry:8081");
        }
        if (!needed && !urls.isEmpty()) {
            throw new SettingsException(
                    key,
                    key + " is set, but " + framing
                            + " is single-object, which uses no registry; set it to confluent, or leave the URL out");
        }
        return needed;
    }

    /** The messages do not quote the URL, which may contain a password. */
    private static URI url(String text) {
        String key = RegistryOptions.URL.key();
        URI url;
        try {
            url = new URI(text.strip().replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw new SettingsException(key, key + " is not a URL such as http://registry:8081");
        }
        // The JDK finds no user info in an authority whose host has an underscore, so this searches the authority.
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw new SettingsException(
                    key,
                    key + " must not contain a password, since the UI shows it; use " + RegistryOptions.USER.key()
                            + " and " + RegistryOptions.PASSWORD_FILE.key());
        }
        CheckedConfiguration.rejectUnderscoreInHost(RegistryOptions.URL, url);
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new SettingsException(key, key + " is not a URL such as http://registry:8081");
        }
        return url;
    }

    private void rejectTlsWithoutHttps() {
        if (!tls.isPlain() && urls.stream().noneMatch(url -> "https".equalsIgnoreCase(url.getScheme()))) {
            String key = tls.truststore() == null
                    ? RegistryOptions.KEYSTORE_FILE.key()
                    : RegistryOptions.TRUSTSTORE_FILE.key();
            throw new SettingsException(
                    key, key + " is set, but " + RegistryOptions.URL.key() + " does not begin with https");
        }
    }

    static @Nullable String text(CheckedConfiguration checked, ConfigOption<String> option) {
        return checked.isSet(option) ? checked.get(option).strip() : null;
    }

    static SettingsException incomplete(ConfigOption<?> set, String reason) {
        return new SettingsException(set.key(), set.key() + " is set, but " + reason);
    }
}
