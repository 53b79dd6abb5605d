package io.tradeenrichment;

import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Five topics of one test's own on a broker, written to and read by plain clients. */
final class Topics implements AutoCloseable {
    private static final List<String> ROLES =
            List.of("trades", "instruments", "users", "enriched-trades", "dead-letters");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The samples are dated soon after 1970; nothing may be deleted for its age. */
    private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");

    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "60000");

    private final String servers;
    private final String suffix;
    private final Admin admin;

    Topics(KafkaBroker broker) {
        this(broker, String.valueOf(NUMBER.incrementAndGet()));
    }

    /** @param suffix of their names, for a test that must know them */
    Topics(KafkaBroker broker, String suffix) {
        this.suffix = suffix;
        servers = broker.bootstrapServers();
        admin = Admin.create(client());
    }

    /** Deletes those of the five that an earlier test has left, so that they can be created anew. */
    Topics deleteAll() throws Exception {
        Set<String> names = ROLES.stream().map(this::name).collect(Collectors.toSet());
        names.retainAll(admin.listTopics().names().get());
        admin.deleteTopics(names).all().get();
        await().atMost(PATIENCE)
                .until(() -> Collections.disjoint(admin.listTopics().names().get(), names));
        return this;
    }

    /** The five with their usual settings. */
    Topics createAll() throws Exception {
        return createAll(4);
    }

    /** @param partitions of the trades */
    Topics createAll(int partitions) throws Exception {
        create("trades", partitions, Map.of());
        create("instruments", 2, COMPACTED);
        create("users", 2, COMPACTED);
        create("enriched-trades", 3, Map.of());
        create("dead-letters", 1, Map.of("max.message.bytes", "2097152"));
        return this;
    }

    /** Returns when the broker tells of it: the controller answers before its brokers have heard. */
    void create(String role, int partitions, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(KEPT);
        all.putAll(settings);
        admin.createTopics(List.of(new NewTopic(name(role), partitions, (short) 1).configs(all)))
                .all()
                .get();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> admin
                                        .describeTopics(List.of(name(role)))
                                        .topicNameValues()
                                        .get(name(role))
                                        .get()
                                        .partitions()
                                        .stream()
                                        .filter(partition -> partition.leader() != null)
                                        .count()
                                == partitions);
    }

    /** Deletes the topic of a dimension and creates an empty one of the same name. */
    void recreate(String role) throws Exception {
        recreate(role, 2, COMPACTED);
    }

    void recreate(String role, int partitions, Map<String, String> settings) throws Exception {
        admin.deleteTopics(List.of(name(role))).all().get();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            create(role, partitions, settings);
            return true;
        });
    }

    /** The id of the topic as it is now. */
    String id(String role) throws Exception {
        return admin.describeTopics(List.of(name(role)))
                .allTopicNames()
                .get()
                .get(name(role))
                .topicId()
                .toString();
    }

    String name(String role) {
        return role + "." + suffix;
    }

    /** What the names of the transactions of a job between these topics begin with. */
    String prefix() {
        return "test-" + suffix + ".";
    }

    Admin admin() {
        return admin;
    }

    /** Settings of a job between these topics. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", servers);
        for (String role : ROLES) {
            settings.put("kafka.topics." + role, name(role));
        }
        settings.put("kafka.transactional-id-prefix", prefix());
        settings.put("kafka.transaction.timeout", "2 min");
        settings.put("kafka.partition-discovery.interval", "1 s");
        return settings;
    }

    /** The same on a command line. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        settings().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }

    /** A producer of the test's own; with an id, a transactional one that is ready to begin. */
    KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Properties properties = client();
        properties.put("linger.ms", "5");
        properties.put("max.request.size", String.valueOf(16 << 20));
        if (transactionalId != null) {
            properties.put("transactional.id", transactionalId);
        }
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        if (transactionalId != null) {
            producer.initTransactions();
        }
        return producer;
    }

    /** The record as it would be received, on its way to the topic of its feed. */
    ProducerRecord<byte[], byte[]> record(SourceRecord like) {
        var record = new ProducerRecord<>(name(like.feed().title()), null, like.timestamp(), like.key(), like.value());
        for (Header header : like.headers()) {
            record.headers().add(header.key(), header.value());
        }
        return record;
    }

    void send(List<SourceRecord> records) {
        try (var producer = producer(null)) {
            records.forEach(record -> producer.send(record(record)));
        }
    }

    KafkaConsumer<byte[], byte[]> consumer(String role) throws Exception {
        Properties properties = client();
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(partitions(role));
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    /** How many records are committed on the topic by now. */
    long committed(String role) throws Exception {
        Map<TopicPartition, Long> ends = ends(role, IsolationLevel.READ_COMMITTED);
        return read(role, ends).size();
    }

    /** Everything committed on the topic, once no transaction is open on it. */
    List<ConsumerRecord<byte[], byte[]>> readAll(String role) throws Exception {
        await().atMost(PATIENCE)
                .until(() ->
                        ends(role, IsolationLevel.READ_COMMITTED).equals(ends(role, IsolationLevel.READ_UNCOMMITTED)));
        Map<TopicPartition, Long> ends = ends(role, IsolationLevel.READ_COMMITTED);
        return read(role, ends);
    }

    /** Returns when the reader has got to the end of what is committed on the topic. */
    void awaitRead(String role, AlwaysReading reader) throws Exception {
        Map<TopicPartition, Long> ends = ends(role, IsolationLevel.READ_COMMITTED);
        await().atMost(PATIENCE).until(() -> reader.hasRead(ends));
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String role, Map<TopicPartition, Long> ends) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        KafkaConsumer<byte[], byte[]> consumer = consumer(role);
        try {
            while (ends.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        } finally {
            // Without it, the consumer may wait half a minute for a fetch that nobody needs.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
        return records;
    }

    Map<TopicPartition, Long> ends(String role, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions(role).forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(asked, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private List<TopicPartition> partitions(String role) throws Exception {
        return admin.describeTopics(List.of(name(role))).allTopicNames().get().get(name(role)).partitions().stream()
                .map(partition -> new TopicPartition(name(role), partition.partition()))
                .toList();
    }

    private Properties client() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", servers);
        return properties;
    }

    @Override
    public void close() {
        admin.close();
    }
}
