package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryConfigTest {
    private static final Subjects BY_TOPIC = new Subjects(Map.of(), null);
    private static final TlsConfig PLAIN = new TlsConfig(null, null);

    @Test
    void singleObjectFramingNeedsNoRegistry() {
        assertThat(Configs.settings(Map.of()).bind(RegistryConfig::from)).isEmpty();
    }

    @Test
    void everyKeyButTheUrlHasADefault() {
        assertThat(confluent(Map.of()).bind(RegistryConfig::from))
                .contains(new RegistryConfig(
                        List.of(URI.create("http://registry:8081")),
                        RegistrationMode.REGISTER,
                        BY_TOPIC,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        null,
                        PLAIN));
    }

    @Test
    void eachKeyReachesItsField() {
        Map<String, String> settings = new HashMap<>();
        settings.put("registry.url", "https://a:1/api/, https://b");
        settings.put("registry.register", "look-up");
        settings.put("registry.subject.trades", "t");
        settings.put("registry.subject.instruments", "i");
        settings.put("registry.subject.users", "u");
        settings.put("registry.subject.enriched-trades", "e");
        settings.put("registry.timeout", "1 s");
        settings.put("registry.check.timeout", "2 s");
        settings.put("registry.user", "me");
        settings.put("registry.password-file", "/p");
        settings.put("registry.truststore.file", "/t");
        settings.put("registry.truststore.password", "tp");
        settings.put("registry.keystore.file", "/k");
        settings.put("registry.keystore.password", "kp");
        assertThat(confluent(settings).bind(RegistryConfig::from))
                .contains(new RegistryConfig(
                        List.of(URI.create("https://a:1/api"), URI.create("https://b")),
                        RegistrationMode.LOOK_UP,
                        new Subjects(Map.of(Feed.TRADES, "t", Feed.INSTRUMENTS, "i", Feed.USERS, "u"), "e"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        new Login("me", new Secret("/p", true)),
                        new TlsConfig(
                                new TlsConfig.Store("/t", new Secret("tp", false)),
                                new TlsConfig.Store("/k", new Secret("kp", false)))));
    }

    @Test
    void hasASubjectForEachDimension() {
        Subjects subjects = confluent(Map.of(
                        "registry.url", "http://a",
                        "dimensions.names", "account",
                        "registry.subject.accounts", ":.clearing:accounts-value"))
                .bind(RegistryConfig::from)
                .orElseThrow()
                .subjects();

        assertThat(subjects.of(new Feed("accounts"), "a")).hasToString(":.clearing:accounts-value");
        assertThat(subjects.of(Feed.TRADES, "t")).hasToString("t-value");
        assertThat(RegistryOptions.subjectOf(new Feed("accounts")).key()).isEqualTo("registry.subject.accounts");
    }

    @Test
    void noTextContainsASecret() {
        Settings settings = confluent(Map.of(
                "registry.url", "https://a",
                "registry.user", "me",
                "registry.password", "canary-1",
                "registry.truststore.file", "/t",
                "registry.truststore.password", "canary-2",
                "registry.keystore.file", "/k",
                "registry.keystore.password", "canary-3"));
        RegistryConfig config = settings.bind(RegistryConfig::from).orElseThrow();
        assertThat(config.toString()).contains("me", "/t", "/k").doesNotContain("canary");
        assertThat(settings.effectiveListing()).contains("registry.password").doesNotContain("canary");
        assertThat(settings.effectiveValues().toString()).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            wire.framing=confluent > registry.url is not set, but wire.framing is confluent; give the schema registry's URL, for example http://registry:8081
            registry.url=http://a > registry.url is set, but wire.framing is single-object, which uses no registry; set it to confluent, or leave the URL out
            wire.framing=confluent;registry.url=registry:8081 > registry.url is not a URL such as http://registry:8081
            wire.framing=confluent;registry.url=http://a b > registry.url is not a URL such as http://registry:8081
            wire.framing=confluent;registry.url=http://me:canary@a > registry.url must not contain a password, since the UI shows it; use registry.user and registry.password-file
            wire.framing=confluent;registry.url=http://a;registry.user=me > registry.user is set, but neither registry.password-file nor registry.password is
            wire.framing=confluent;registry.url=http://a;registry.password=x > registry.password is set, but registry.user is not
            wire.framing=confluent;registry.url=http://a;registry.password-file=x > registry.password-file is set, but registry.user is not
            wire.framing=confluent;registry.url=http://a;registry.user=m;registry.password=x;registry.password-file=y > registry.password and registry.password-file are both set; leave one of them out
            wire.framing=confluent;registry.url=http://a;registry.user=m:e;registry.password=x > registry.user is set, but has a colon in it, which HTTP basic authentication cannot send
            wire.framing=confluent;registry.url=http://a;registry.truststore.file=x > registry.truststore.file is set, but registry.url does not begin with https
            wire.framing=confluent;registry.url=https://a;registry.truststore.password=x > registry.truststore.password is set, but registry.truststore.file is not
            wire.framing=confluent;registry.url=https://a;registry.keystore.file=x > registry.keystore.file is set, but neither registry.keystore.password-file nor registry.keystore.password is
            wire.framing=confluent;registry.url=https://a;registry.keystore.password-file=x > registry.keystore.password-file is set, but registry.keystore.file is not
            wire.framing=confluent;registry.url=http://a;registry.subject.users=:.fx > registry.subject.users is ':.fx', which does not name a single subject; write it like trades-value, or like :.trading:trades-value for one in the context .trading
            wire.framing=confluent;registry.url=http://a;registry.subject.enriched-trades=:.fx: > registry.subject.enriched-trades is ':.fx:', which does not name a single subject; write it like trades-value, or like :.trading:trades-value for one in the context .trading
            wire.framing=confluent;registry.url=http://a;registry.subject.trades=:*:t > registry.subject.trades is ':*:t', which does not name a single subject; write it like trades-value, or like :.trading:trades-value for one in the context .trading
            wire.framing=confluent;registry.url=http://schema_registry:8081 > registry.url has an underscore in the host name schema_registry, which a URL does not allow; use a name without underscores, such as a network alias, or the host's IP address
            wire.framing=confluent;registry.url=http://ok:1,https://a_b.c/api > registry.url has an underscore in the host name a_b.c, which a URL does not allow; use a name without underscores, such as a network alias, or the host's IP address
            wire.framing=confluent;registry.url=http://me:canary@a_b:1 > registry.url must not contain a password, since the UI shows it; use registry.user and registry.password-file
            wire.framing=confluent;registry.url=http://a;registry.timeout=0 > registry.timeout is 0, but it must be at least 10 ms
            """)
    void rejectsUnusableSettingsInOneSentence(String given, String sentence) {
        Map<String, String> settings = new HashMap<>();
        for (String one : given.split(";")) {
            String[] keyAndValue = one.split("=", 2);
            settings.put(keyAndValue[0], keyAndValue[1]);
        }
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> RegistryConfig.from(Configs.settings(settings).configuration()))
                .withMessage(sentence);
    }

    private static Settings confluent(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(Map.of("wire.framing", "confluent", "registry.url", "http://registry:8081"));
        settings.putAll(more);
        return Configs.settings(settings);
    }
}
