package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.KafkaConnectors;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.settings.SettingsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The checks before a start: what would make the job fail later is refused in one sentence, or a warning. */
class StartChecksIT {
    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @Test
    void refusesABrokerThatDoesNotAnswer() throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
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
    void refusesAMissingTopicUnlessItMayCreateIt() throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
            assertRefused(
                    topics, Map.of(), "kafka.topics.dead-letters: there is no topic " + topics.name("dead-letters"));

            KafkaConnectors connectors = open(topics, Map.of("kafka.topics.create", "true"));

            assertThat(connectors.warnings()).hasSize(5).allMatch(warning -> warning.endsWith("has been created."));
            // The created topics have the settings that the job expects.
            assertThat(open(topics, Map.of()).warnings()).isEmpty();
            assertThat(limit(topics, "dead-letters")).isEqualTo(limit(topics, "trades") + 8192);
        }
    }

    @Test
    void createsADeadLetterTopicForTheLargestRecordOfAnyInput() throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
            topics.create("users", 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "3000000"));

            open(topics, Map.of("kafka.topics.create", "true"));

            assertThat(limit(topics, "dead-letters")).isEqualTo(3_008_192);
        }
    }

    @Test
    void warnsWhenADeadLetterCannotHoldAWholeRecord() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            String large = createAs(topics, "large", Map.of("max.message.bytes", "2500000"));
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

            // The exact limit, and one byte less; compression needs a margin.
            String enough = createAs(topics, "enough", Map.of("max.message.bytes", "1056780"));
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", enough)).warnings())
                    .isEmpty();
            String less = createAs(topics, "less", Map.of("max.message.bytes", "1056779"));
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", less)).warnings())
                    .hasSize(1);
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", enough, "kafka.client.compression.type", "lz4"))
                            .warnings())
                    .singleElement()
                    .asString()
                    .endsWith(" to 1067455 or more.");
            String compressed =
                    createAs(topics, "compressed", Map.of("max.message.bytes", "1067455", "compression.type", "gzip"));
            assertThat(open(topics, Map.of("kafka.topics.dead-letters", compressed))
                            .warnings())
                    .isEmpty();
        }
    }

    @Test
    void refusesALimitBelowTheSizeOfADeadLettersHeaders() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            String tiny = createAs(topics, "tiny", Map.of("max.message.bytes", "8191"));
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
    void refusesADimensionTopicThatIsNotCompactedAndAnOutputTopicThatIs() throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
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
                    Map.of("kafka.topics.users", createAs(topics, "users-too", COMPACTED)),
                    "kafka.topics.enriched-trades: the topic " + topics.name("enriched-trades") + " is compacted");
        }
    }

    @Test
    void warnsOfADimensionTopicThatIsCompactedAtOnce() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            String users = createAs(topics, "users-without-lag", COMPACTED);
            assertThat(open(topics, Map.of("kafka.topics.users", users)).warnings())
                    .singleElement()
                    .asString()
                    .startsWith("The topic " + users + " has min.compaction.lag.ms=0");
        }
    }

    @Test
    void refusesAnOutputTopicThatWouldRejectTheRecords() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            assertRefused(
                    topics,
                    Map.of(
                            "kafka.topics.enriched-trades",
                            createAs(topics, "small", Map.of("max.message.bytes", "1000"))),
                    "wire.enriched.max-size is 1000000 bytes, but the topic");
            assertRefused(
                    topics,
                    Map.of(
                            "kafka.topics.dead-letters",
                            createAs(topics, "young", Map.of("message.timestamp.before.max.ms", "1000"))),
                    "rejects records older than message.timestamp.before.max.ms=1000");
            assertRefused(
                    topics,
                    Map.of(
                            "kafka.topics.dead-letters",
                            createAs(topics, "past", Map.of("message.timestamp.after.max.ms", "1000"))),
                    "rejects timestamps in the future that");
        }
    }

    @Test
    void refusesATransactionTimeoutThatIsTooLongOrTooShort() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
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
    void refusesATransactionalIdPrefixOfAnotherApplication() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                var other = openTransaction(topics, "shared.other-application");
                var shorter = openTransaction(topics, "short.-0-3")) {
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
    void warnsOfOpenTransactionsOfAnEarlierRunAndOfAnAcceptedLoss() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                var left = openTransaction(topics, "mine.enriched-trades-0-7")) {
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
    void refusesToStartBesideARunningCopyOfTheJob() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (Topics topics = new Topics(KAFKA).createAll();
                JobOnKafka job = new JobOnKafka(topics.settings()).start(1)) {
            topics.sendRows();
            Thread traffic = new Thread(() -> {
                try (var producer = topics.producer()) {
                    for (long id = 0; !ended.get(); id++) {
                        producer.send(topics.record(Samples.tradeRecord(id, 1, 1)));
                        producer.flush();
                    }
                }
            });
            traffic.start();
            try {
                await().until(() -> topics.committed("enriched-trades") > 0);
                // Again, if the check runs between two transactions of the copy, when none is open.
                await().untilAsserted(() -> assertRefused(
                        topics,
                        Map.of(),
                        "but a copy of this job is running, which has just started the transaction "
                                + topics.prefix()));
                // After a change of the JobManager, the running copy may be this very job.
                await().untilAsserted(() -> assertThat(
                                open(topics, Map.of(), true).warnings())
                        .anyMatch(warning -> warning.contains("After a JobManager failover they are its own.")));
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

    private static KafkaProducer<byte[], byte[]> openTransaction(Topics topics, String transactionalId)
            throws Exception {
        var producer = topics.transactionalProducer(transactionalId);
        producer.beginTransaction();
        producer.send(topics.record(Samples.tradeRecord(1, 1, 1))).get();
        return producer;
    }

    private static String createAs(Topics topics, String role, Map<String, String> settings) throws Exception {
        topics.create(role, 1, settings);
        return topics.name(role);
    }

    private static void assertRefused(Topics topics, Map<String, String> more, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open(topics, more))
                .withMessageContaining(sentence)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    }

    private static KafkaConnectors open(Topics topics, Map<String, String> more) throws Exception {
        return open(topics, more, false);
    }

    private static KafkaConnectors open(Topics topics, Map<String, String> more, boolean restartable) throws Exception {
        Map<String, String> settings = new HashMap<>(topics.settings());
        settings.putAll(more);
        return JobOnKafka.connectors(settings, restartable);
    }
}
