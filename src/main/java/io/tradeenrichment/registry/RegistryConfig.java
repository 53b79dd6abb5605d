package io.tradeenrichment.registry;

import io.tradeenrichment.codec.Framing;
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
 * All that the job is told of its schema registry, complete and checked as far as it can be without asking it.
 *
 * @param urls one or more, none with a slash at its end
 * @param login null if the registry asks for none
 */
public record RegistryConfig(
        List<URI> urls,
        RegistrationMode registration,
        Subjects subjects,
        Duration timeout,
        Duration checkTimeout,
        @Nullable Login login,
        Tls tls)
        implements Serializable {

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

    public RegistryConfig {
        urls = List.copyOf(urls);
    }

    /**
     * Empty where the framing needs no registry.
     *
     * @throws SettingsException if a value, or two together, cannot be used
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
                checked.durationOfAtLeast(SHORTEST_WAIT, RegistryOptions.TIMEOUT),
                checked.durationOfAtLeast(SHORTEST_WAIT, RegistryOptions.CHECK_TIMEOUT),
                Login.from(checked),
                Tls.from(checked));
        config.refuseTlsWithoutUse();
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
                            + " is single-object, which asks no registry; set it to confluent, or leave the URL out");
        }
        return needed;
    }

    /** What is wrong is not cited: a password may stand in it. */
    private static URI url(String text) {
        String key = RegistryOptions.URL.key();
        URI url;
        try {
            url = new URI(text.strip().replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw new SettingsException(key, key + " is no URL such as http://registry:8081");
        }
        // Not its user info: to the JDK, an authority whose host has an underscore has none.
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw new SettingsException(
                    key,
                    key + " must not hold a password, since it is shown; use " + RegistryOptions.USER.key() + " and "
                            + RegistryOptions.PASSWORD_FILE.key());
        }
        CheckedConfiguration.rejectUnderscoreInHost(RegistryOptions.URL, url);
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new SettingsException(key, key + " is no URL such as http://registry:8081");
        }
        return url;
    }

    private void refuseTlsWithoutUse() {
        if (!tls.isPlain() && urls.stream().noneMatch(url -> "https".equalsIgnoreCase(url.getScheme()))) {
            String key = tls.truststore() == null
                    ? RegistryOptions.KEYSTORE_FILE.key()
                    : RegistryOptions.TRUSTSTORE_FILE.key();
            throw new SettingsException(
                    key, key + " is set, but " + RegistryOptions.URL.key() + " does not begin with https");
        }
    }

    private static @Nullable String text(CheckedConfiguration checked, ConfigOption<String> option) {
        return checked.isSet(option) ? checked.get(option).strip() : null;
    }

    private static @Nullable Secret secret(
            CheckedConfiguration checked, ConfigOption<String> direct, ConfigOption<String> file) {
        if (checked.isSet(direct) && checked.isSet(file)) {
            throw new SettingsException(
                    direct.key(), direct.key() + " and " + file.key() + " are both set; leave one of them out");
        }
        String path = text(checked, file);
        if (path != null) {
            return new Secret(path, true);
        }
        return checked.isSet(direct) ? new Secret(checked.get(direct), false) : null;
    }

    private static SettingsException lacks(ConfigOption<?> set, String missing) {
        return new SettingsException(set.key(), set.key() + " is set, but " + missing);
    }

    /** Subjects that were named; null stands for the topic's name and {@code -value}. */
    public record Subjects(
            @Nullable String trades,
            @Nullable String instruments,
            @Nullable String users,
            @Nullable String enrichedTrades)
            implements Serializable {

        private static Subjects from(CheckedConfiguration checked) {
            return new Subjects(
                    subject(checked, RegistryOptions.TRADES_SUBJECT),
                    subject(checked, RegistryOptions.INSTRUMENTS_SUBJECT),
                    subject(checked, RegistryOptions.USERS_SUBJECT),
                    subject(checked, RegistryOptions.ENRICHED_TRADES_SUBJECT));
        }

        private static @Nullable String subject(CheckedConfiguration checked, ConfigOption<String> option) {
            String name = text(checked, option);
            if (name != null && (name.isEmpty() || !new Subject(name).isOne())) {
                throw new SettingsException(
                        option.key(),
                        option.key() + " is '" + name + "', which names no single subject; write it like trades-value,"
                                + " or like :.trading:trades-value for one in the context .trading");
            }
            return name;
        }
    }

    /** HTTP basic authentication (RFC 7617). */
    public record Login(String user, Secret password) implements Serializable {

        private static @Nullable Login from(CheckedConfiguration checked) {
            String user = text(checked, RegistryOptions.USER);
            Secret password = secret(checked, RegistryOptions.PASSWORD, RegistryOptions.PASSWORD_FILE);
            if (password == null) {
                if (user != null) {
                    throw lacks(
                            RegistryOptions.USER,
                            "neither " + RegistryOptions.PASSWORD_FILE.key() + " nor " + RegistryOptions.PASSWORD.key()
                                    + " is");
                }
                return null;
            }
            if (user == null) {
                throw lacks(
                        password.isFile() ? RegistryOptions.PASSWORD_FILE : RegistryOptions.PASSWORD,
                        RegistryOptions.USER.key() + " is not");
            }
            if (user.indexOf(':') >= 0) {
                throw lacks(RegistryOptions.USER, "has a colon in it, which HTTP basic authentication cannot send");
            }
            return new Login(user, password);
        }
    }

    /** Files are read by whoever connects. Null stands for the JDK's certificates, and for no key of the job's own. */
    public record Tls(@Nullable Store truststore, @Nullable Store keystore) implements Serializable {

        boolean isPlain() {
            return truststore == null && keystore == null;
        }

        private static Tls from(CheckedConfiguration checked) {
            String truststore = text(checked, RegistryOptions.TRUSTSTORE_FILE);
            String trustPassword = text(checked, RegistryOptions.TRUSTSTORE_PASSWORD);
            if (truststore == null && trustPassword != null) {
                throw lacks(RegistryOptions.TRUSTSTORE_PASSWORD, RegistryOptions.TRUSTSTORE_FILE.key() + " is not");
            }
            return new Tls(
                    truststore == null
                            ? null
                            : new Store(truststore, trustPassword == null ? null : new Secret(trustPassword, false)),
                    keystore(checked));
        }

        private static @Nullable Store keystore(CheckedConfiguration checked) {
            String file = text(checked, RegistryOptions.KEYSTORE_FILE);
            Secret password =
                    secret(checked, RegistryOptions.KEYSTORE_PASSWORD, RegistryOptions.KEYSTORE_PASSWORD_FILE);
            if (file != null && password == null) {
                throw lacks(
                        RegistryOptions.KEYSTORE_FILE,
                        "neither " + RegistryOptions.KEYSTORE_PASSWORD_FILE.key() + " nor "
                                + RegistryOptions.KEYSTORE_PASSWORD.key() + " is");
            }
            if (file == null && password != null) {
                throw lacks(
                        password.isFile() ? RegistryOptions.KEYSTORE_PASSWORD_FILE : RegistryOptions.KEYSTORE_PASSWORD,
                        RegistryOptions.KEYSTORE_FILE.key() + " is not");
            }
            return file == null ? null : new Store(file, password);
        }
    }

    /** A file of keys or certificates. */
    public record Store(String file, @Nullable Secret password) implements Serializable {}
}
