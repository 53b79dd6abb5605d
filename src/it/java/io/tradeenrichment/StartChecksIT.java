package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What would make the job fail later is refused before it is submitted, in one sentence. */
class StartChecksIT {
    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");
    private static final int MAX_ENRICHED = 1_000_000;

    private static KafkaBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @Test
    void aBrokerThatIsNotThere() throws Exception {
        try (Topics topics = new Topics(broker)) {
            assertRefused(
                    topics,
                    Map.of("kafka.bootstrap.servers", "localhost:1", "kafka.check.timeout", "2 s"),
                    "kafka.bootstrap.servers: Kafka at localhost:1 has not answered within kafka.check.timeout (2 s)");
            assertRefused(
                    topics,
                    Map.of("kafka.bootstrap.servers", "no port"),
                    "kafka.bootstrap.servers or kafka.client cannot be used: Invalid url in bootstrap.servers: no port");
        }
    }

    @Test
    void aTopicThatIsMissingUnlessItIsToBeCreated() throws Exception {
        try (Topics topics = new Topics(broker)) {
            assertRefused(
                    topics, Map.of(), "kafka.topics.dead-letters: there is no topic " + topics.name("dead-letters"));

            KafkaConnectors ends = open(topics, Map.of("kafka.topics.create", "true"));

            assertThat(ends.warnings()).hasSize(5).allMatch(warning -> warning.endsWith("has been created."));
            // The dimensions are as they should be: nothing is left to warn of.
            assertThat(open(topics, Map.of()).warnings()).isEmpty();
            assertThat(limit(topics, "dead-letters")).isEqualTo(limit(topics, "trades") + 8192);
        }
    }

    @Test
    void createsDeadLettersLargeEnoughForTheLargestOfItsSources() throws Exception {
        try (Topics topics = new Topics(broker)) {
            topics.create("users", 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "3000000"));

            open(topics, Map.of("kafka.topics.create", "true"));

            assertThat(limit(topics, "dead-letters")).isEqualTo(3_008_192);
        }
    }

    @Test
    void warnsWhereADeadLetterMayNotHoldAWholeRecord() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            String large = another(topics, "large", Map.of("max.message.bytes", "2500000"));
            assertThat(open(topics, Map.of("kafka.topics.trades", large)).warnings())
                    .containsExactly(
                            "The topic " + topics.name("dead-letters") + " accepts records of at most 2097152 bytes"
                                    + " (max.message.bytes), but " + large
                                    + " accepts up to 2500000: a dead letter that would be"
                                    + " too large omits the headers, the value or the key of its record. Set"
                                    + " max.message.bytes of " + topics.name("dead-letters") + " to 2508192 or more.");
            assertThat(open(topics, Map.of("kafka.client.buffer.memory", "1000000"))
                            .warnings())
                    .singleElement()
                    .asString()
                    .startsWith("kafka.client.buffer.memory is 1000000 bytes, but ")
                    .endsWith("Set kafka.client.buffer.memory to 1056780 or more.");

            // Exactly enough, and one byte less; what is compressed needs a margin.
            String enough = another(topics, "enough", Map.of("max.message.bytes", "1056780"));
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", enough)).warnings())
                    .isEmpty();
            String less = another(topics, "less", Map.of("max.message.bytes", "1056779"));
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", less)).warnings())
                    .hasSize(1);
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", enough, "kafka.client.compression.type", "lz4"))
                            .warnings())
                    .singleElement()
                    .asString()
                    .endsWith(" to 1067455 or more.");
            String compressed =
                    another(topics, "compressed", Map.of("max.message.bytes", "1067455", "compression.type", "gzip"));
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", compressed))
                            .warnings())
                    .isEmpty();
        }
    }

    @Test
    void aDeadLetterThatWouldNotEvenHoldItsReason() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            String tiny = another(topics, "tiny", Map.of("max.message.bytes", "8191"));
            assertRefused(
                    topics,
                    Map.of("kafka.topics.dead-letters", tiny),
                    "kafka.topics.dead-letters: the topic " + tiny + " accepts records of at most 8191 bytes"
                            + " (max.message.bytes), too few for the headers of a dead letter; raise it above the limits of"
                            + " the topics that the job reads");
            assertRefused(
                    topics,
                    Map.of("kafka.client.buffer.memory", "4096"),
                    "kafka.client.buffer.memory is 4096, too few bytes for a dead letter; raise it");
            assertRefused(
                    topics,
                    Map.of("kafka.client.buffer.memory", "32 mb"),
                    "kafka.client.buffer.memory is '32 mb', but must be a whole number of bytes");
        }
    }

    @Test
    void aDimensionThatIsNotCompactedAndAnOutputThatIs() throws Exception {
        try (Topics topics = new Topics(broker)) {
            topics.create("trades", 1, Map.of());
            topics.create("instruments", 1, COMPACTED);
            topics.create("users", 1, Map.of());
            topics.create("enriched-trades", 1, COMPACTED);
            topics.create("dead-letters", 1, Map.of("max.message.bytes", "2097152"));
            assertRefused(
                    topics,
                    Map.of(),
                    "kafka.topics.users: the topic " + topics.name("users") + " has cleanup.policy=delete");
            assertRefused(
                    topics,
                    Map.of("kafka.topics.users", another(topics, "users-too", COMPACTED)),
                    "kafka.topics.enriched-trades: the topic " + topics.name("enriched-trades") + " is compacted");
        }
    }

    @Test
    void anOutputThatWouldRefuseWhatIsWritten() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            assertRefused(
                    topics,
                    Map.of(
                            "kafka.topics.enriched-trades",
                            another(topics, "small", Map.of("max.message.bytes", "1000"))),
                    "wire.enriched.max-size is 1000000 bytes, but the topic");
            assertRefused(
                    topics,
                    Map.of(
                            "kafka.topics.dead-letters",
                            another(topics, "young", Map.of("message.timestamp.before.max.ms", "1000"))),
                    "rejects records older than message.timestamp.before.max.ms=1000");
            assertRefused(
                    topics,
                    Map.of(
                            "kafka.topics.dead-letters",
                            another(topics, "past", Map.of("message.timestamp.after.max.ms", "1000"))),
                    "rejects timestamps in the future that");
        }
    }

    @Test
    void aTransactionThatIsTooLongOrTooShort() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            assertRefused(
                    topics,
                    Map.of("kafka.transaction.timeout", "16 min"),
                    "kafka.transaction.timeout is 16 min, but the broker allows at most 15 min");
            assertRefused(
                    topics,
                    Map.of("kafka.transaction.timeout", "30 s"),
                    "kafka.transaction.timeout is 30 s, but a checkpoint may take 61 s");
        }
    }

    @Test
    void aPrefixThatOthersUse() throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                var other = begun(topics, "shared.other-application");
                var shorter = begun(topics, "short.-0-3")) {
            assertRefused(
                    topics,
                    Map.of("kafka.transactional-id-prefix", "shared."),
                    "another application has the transactional id shared.other-application");
            assertThat(open(topics, Map.of("kafka.transactional-id-prefix", "short.er."))
                            .warnings())
                    .singleElement()
                    .asString()
                    .startsWith("Another application's transactional ids have a prefix with which this job's prefix"
                            + " begins, such as short.-0-3");
            other.abortTransaction();
            shorter.abortTransaction();
        }
    }

    @Test
    void warnsOfWhatARunThatBrokeOffHasLeftOpenAndOfALossThatIsAccepted() throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                var left = begun(topics, "mine.enriched-trades-0-7")) {
            assertThat(open(
                                    topics,
                                    Map.of(
                                            "kafka.transactional-id-prefix",
                                            "mine.",
                                            "kafka.transaction.accept-loss-until",
                                            "6"))
                            .warnings())
                    .satisfiesExactlyInAnyOrder(
                            warning -> assertThat(warning)
                                    .startsWith(
                                            "Transactions of this job are open, such as mine.enriched-trades-0-7, but"
                                                    + " none has started within 2 s"),
                            warning -> assertThat(warning).startsWith("kafka.transaction.accept-loss-until is 6"));
            left.abortTransaction();
        }
    }

    @Test
    void aCopyOfTheJobThatIsRunning() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (Topics topics = new Topics(broker).createAll();
                JobOnKafka job = new JobOnKafka(topics.settings()).start(1)) {
            topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
            Thread traffic = new Thread(() -> {
                try (var producer = topics.producer(null)) {
                    for (long id = 0; !ended.get(); id++) {
                        producer.send(topics.record(Samples.tradeRecord(id, 1, 1)));
                        producer.flush();
                    }
                }
            });
            traffic.start();
            try {
                await().until(() -> topics.committed("enriched-trades") > 0);
                assertRefused(
                        topics,
                        Map.of(),
                        "but a copy of this job is running, which has just started the transaction " + topics.prefix());
                // Unless it may be the very job that main is to submit.
                assertThat(open(topics, Map.of(), true).warnings())
                        .anyMatch(warning -> warning.contains("After a JobManager failover they are its own."));
                assertThat(job.isRunning()).isTrue();
            } finally {
                ended.set(true);
                traffic.join();
            }
        }
    }

    private static long limit(Topics topics, String role) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topics.name(role));
        return Long.parseLong(topics.admin()
                .describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("max.message.bytes")
                .value());
    }

    private static KafkaProducer<byte[], byte[]> begun(Topics topics, String transactionalId) throws Exception {
        var producer = topics.producer(transactionalId);
        producer.beginTransaction();
        producer.send(topics.record(Samples.tradeRecord(1, 1, 1))).get();
        return producer;
    }

    private static String another(Topics topics, String role, Map<String, String> settings) throws Exception {
        topics.create(role, 1, settings);
        return topics.name(role);
    }

    private static void assertRefused(Topics topics, Map<String, String> more, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open(topics, more))
                .withMessageContaining(sentence)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
    }

    private static KafkaConnectors open(Topics topics, Map<String, String> more) throws Exception {
        return open(topics, more, false);
    }

    private static KafkaConnectors open(Topics topics, Map<String, String> more, boolean besideMain) throws Exception {
        Map<String, String> settings = new HashMap<>(topics.settings());
        settings.putAll(more);
        return KafkaConnectors.open(
                Settings.of(JobOnKafka.PROGRAM, settings, "the test").bind(KafkaConfig::from),
                new Checkpointing(Duration.ofSeconds(1), Duration.ofMinutes(1), 3, true, besideMain),
                MAX_ENRICHED);
    }
}
