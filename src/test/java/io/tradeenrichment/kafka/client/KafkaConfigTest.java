package io.tradeenrichment.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaConfigTest {
    private static final CommandDescription PROGRAM = new CommandDescription(
            "test",
            "",
            Stream.concat(JobOptions.groups().stream(), KafkaOptions.groups().stream())
                    .toList(),
            List.of());
    private static final Map<String, String> LEAST =
            Map.of("kafka.bootstrap.servers", "b:9092", "kafka.transactional-id-prefix", "prod.enrichment.");

    @Test
    void everyKeyButTheServersAndThePrefixHasADefault() {
        assertThat(from(LEAST))
                .isEqualTo(new KafkaConfig(
                        new KafkaConnection(
                                "b:9092",
                                Map.of(),
                                new KafkaConfig.Topics(
                                        "trades",
                                        Map.of(Dimension.INSTRUMENT, "instruments", Dimension.USER, "users"),
                                        "enriched-trades",
                                        "dead-letters",
                                        false),
                                Duration.ofSeconds(30)),
                        new SourceConfig(
                                "trade-enrichment",
                                StartupMode.EARLIEST,
                                null,
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(10),
                                Set.of()),
                        new SinkConfig(DeliveryGuarantee.EXACTLY_ONCE, "prod.enrichment.", Duration.ofMinutes(15), 0)));
    }

    @Test
    void everyKeyReachesItsField() {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", "x:1,y:2");
        settings.put("kafka.client.security.protocol", "SASL_SSL");
        settings.put("kafka.topics.trades", "t");
        settings.put("kafka.topics.instruments", "i");
        settings.put("kafka.topics.users", "u");
        settings.put("kafka.topics.enriched-trades", "e");
        settings.put("kafka.topics.dead-letters", "d");
        settings.put("kafka.topics.create", "true");
        settings.put("kafka.topics.accept-recreated", "7sB9xQ0zR0q2v1kXW3pYbA");
        settings.put("kafka.group.id", "g");
        settings.put("kafka.trades.start", "timestamp");
        settings.put("kafka.trades.start-timestamp", "2026-11-02T09:30:00Z");
        settings.put("kafka.partition-discovery.interval", "0");
        settings.put("kafka.dimensions.load.timeout", "3 min");
        settings.put("kafka.check.timeout", "4 s");
        settings.put("kafka.delivery", "at-least-once");
        settings.put("kafka.transaction.timeout", "5 min");
        settings.put("kafka.transaction.accept-loss-until", "7");
        assertThat(from(settings))
                .isEqualTo(new KafkaConfig(
                        new KafkaConnection(
                                "x:1,y:2",
                                Map.of("security.protocol", "SASL_SSL"),
                                new KafkaConfig.Topics(
                                        "t", Map.of(Dimension.INSTRUMENT, "i", Dimension.USER, "u"), "e", "d", true),
                                Duration.ofSeconds(4)),
                        new SourceConfig(
                                "g",
                                StartupMode.TIMESTAMP,
                                1_793_611_800_000L,
                                Duration.ZERO,
                                Duration.ofMinutes(3),
                                Set.of("7sB9xQ0zR0q2v1kXW3pYbA")),
                        new SinkConfig(DeliveryGuarantee.AT_LEAST_ONCE, "", Duration.ofMinutes(5), 7)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
            kafka.bootstrap.servers       |             > kafka.bootstrap.servers is not set
            kafka.transactional-id-prefix |             > kafka.transactional-id-prefix is not set
            kafka.transactional-id-prefix | enrichment  > so that it is not the beginning of another application's prefix
            kafka.transactional-id-prefix | a b.        > kafka.transactional-id-prefix is 'a b.', but must consist of
            kafka.transactional-id-prefix | ..          > kafka.transactional-id-prefix is '..', but must consist of
            kafka.topics.users            | trades      > kafka.topics.users is trades, as is kafka.topics.trades
            kafka.topics.users            | enriched-trades > kafka.topics.enriched-trades is enriched-trades, as is kafka.topics.users
            kafka.topics.users            | my users    > kafka.topics.users is 'my users', but a topic name consists of
            kafka.topics.accept-recreated | trades      > kafka.topics.accept-recreated contains 'trades', which is not a topic id
            kafka.trades.start            | timestamp   > kafka.trades.start-timestamp is not set
            kafka.delivery                | none        > kafka.delivery is none, but it must be exactly-once or at-least-once
            kafka.transaction.timeout     | 30 d        > kafka.transaction.timeout is longer than Kafka allows
            kafka.transaction.accept-loss-until | -1    > kafka.transaction.accept-loss-until is -1, but it must be at least 0
            kafka.client.isolation.level  | none        > kafka.client.isolation.level cannot be set: the job reads committed
            kafka.client.group.id         | x           > kafka.client.group.id cannot be set: use kafka.group.id
            kafka.client.max.request.size | 5           > kafka.client.max.request.size cannot be set: use wire.enriched.max-size
            """)
    void rejectsAnUnusableValueInASentenceWithTheKey(String setting, String sentence) {
        String[] parts = setting.split("\\|", 2);
        Map<String, String> settings = new HashMap<>(LEAST);
        if (parts[1].isBlank()) {
            settings.remove(parts[0].strip());
        } else {
            settings.put(parts[0].strip(), parts[1].strip());
        }
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(settings))
                .withMessageContaining(sentence);
    }

    @Test
    void hasATopicForEachDimension() {
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.put("dimensions.names", "user, account");
        settings.put("kafka.topics.accounts", "clearing.accounts");
        KafkaConfig.Topics topics = from(settings).topics();

        assertThat(topics.byDimension().values()).containsExactly("users", "clearing.accounts");
        assertThat(topics.of(new Dimension("account"))).isEqualTo("clearing.accounts");
        assertThat(topics.of(Feed.USERS)).isEqualTo("users");
        assertThat(topics.of(Feed.TRADES)).isEqualTo("trades");
        assertThat(topics.keyOf("clearing.accounts")).isEqualTo("kafka.topics.accounts");
        assertThat(topics.inputs()).containsExactly("trades", "users", "clearing.accounts");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> topics.of(Feed.INSTRUMENTS))
                .withMessage("instruments is not a feed of the job");
    }

    @Test
    void acceptsOneTopicForTwoDimensions() {
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.put("dimensions.names", "buyer, seller");
        settings.put("kafka.topics.buyers", "parties");
        settings.put("kafka.topics.sellers", "parties");
        KafkaConfig.Topics topics = from(settings).topics();

        assertThat(topics.byKey())
                .containsOnlyKeys(
                        "kafka.topics.trades",
                        "kafka.topics.buyers",
                        "kafka.topics.sellers",
                        "kafka.topics.enriched-trades",
                        "kafka.topics.dead-letters");
        assertThat(topics.inputs()).containsExactly("trades", "parties");
        assertThat(topics.keyOf("parties")).isEqualTo("kafka.topics.buyers");
        settings.put("kafka.topics.trades", "parties");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(settings))
                .withMessage(
                        "the test: kafka.topics.buyers is parties, as is kafka.topics.trades; each needs a topic of its own");
    }

    /** Kafka declares certificates, which are public, as passwords too. */
    @Test
    void noTextContainsASecretOfTheClients() {
        Map<String, String> settings = new HashMap<>(LEAST);
        Stream.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())
                .flatMap(client -> client.configKeys().values().stream())
                .filter(key -> key.type() == ConfigDef.Type.PASSWORD && !key.name.contains("certificate"))
                .forEach(key -> settings.put("kafka.client." + key.name, "canary"));
        assertThat(settings).hasSizeGreaterThan(LEAST.size() + 5);
        Settings read = Settings.of(PROGRAM, settings, "the test");
        assertThat(from(settings).toString()).doesNotContain("canary");
        assertThat(read.effectiveListing()).doesNotContain("canary");
        assertThat(read.effectiveValues()).doesNotContainValue("canary");
    }

    @Test
    void readsTheExampleInTheDocs(@TempDir Path folder) throws Exception {
        String page = Files.readString(Path.of("docs/security.md"));
        int section = page.indexOf("## Kafka with passwords and certificates");
        int start = page.indexOf("```yaml\n", section) + "```yaml\n".length();
        Path file = Files.writeString(folder.resolve("job.yaml"), page.substring(start, page.indexOf("```", start)));

        KafkaConfig config = Settings.read(
                        PROGRAM, "--config", file.toString(), "--kafka.transactional-id-prefix", "prod.enrichment.")
                .bind(KafkaConfig::from);

        assertThat(config.connection().bootstrapServers()).isEqualTo("kafka:9093");
        assertThat(config.connection().client())
                .hasSize(9)
                .containsEntry("ssl.truststore.password", "${file:/etc/secrets/kafka.properties:truststore}")
                .containsEntry("config.providers", "file")
                .containsEntry("config.providers.file.param.allowed.paths", "/etc/secrets");
        assertThat(config.connection().client().get("sasl.jaas.config"))
                .endsWith("ScramLoginModule required username=\"job\""
                        + " password=\"${file:/etc/secrets/kafka.properties:password}\";");
    }

    private static KafkaConfig from(Map<String, String> settings) {
        return Settings.of(PROGRAM, settings, "the test").bind(KafkaConfig::from);
    }
}
