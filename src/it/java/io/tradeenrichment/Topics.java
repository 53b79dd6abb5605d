package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.avro.generic.GenericRecord;
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

/** The topics of one test, written and read by plain Kafka clients. {@link #close} deletes them. */
public final class Topics implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    /** The timestamps of {@link Samples} are soon after 1970: retention by time would delete the records. */
    private static final Map<String, String> UNLIMITED_RETENTION = Map.of("retention.ms", "-1");

    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "60000");

    private final Broker broker;
    private final String suffix;
    private final List<String> dimensions;

    public Topics(Broker broker) {
        this(broker, String.valueOf(NUMBER.incrementAndGet()));
    }

    /** @param suffix of the topics' names, for a test that must know them */
    public Topics(Broker broker, String suffix) {
        this(broker, suffix, List.of("instruments", "users"));
    }

    /** @param dimensions the topics of the dimensions, instead of instruments and users */
    public Topics(Broker broker, List<String> dimensions) {
        this(broker, String.valueOf(NUMBER.incrementAndGet()), dimensions);
    }

    private Topics(Broker broker, String suffix, List<String> dimensions) {
        this.broker = broker;
        this.suffix = suffix;
        this.dimensions = dimensions;
    }

    /** Deletes the topics that exist, and returns when the broker no longer lists them. */
    public Topics deleteAll() throws Exception {
        Set<String> names = names();
        names.retainAll(admin().listTopics().names().get());
        admin().deleteTopics(names).all().get();
        await().atMost(TIMEOUT)
                .until(() -> Collections.disjoint(admin().listTopics().names().get(), names));
        return this;
    }

    private List<String> roles() {
        List<String> roles = new ArrayList<>(dimensions);
        roles.addAll(List.of("trades", "enriched-trades", "dead-letters"));
        return roles;
    }

    private Set<String> names() {
        return roles().stream().map(this::name).collect(Collectors.toSet());
    }

    /** Creates them with the settings that the job expects. */
    public Topics createAll() throws Exception {
        return createAll(4);
    }

    /** @param partitions of the trades topic */
    public Topics createAll(int partitions) throws Exception {
        create("trades", partitions, Map.of());
        for (String dimension : dimensions) {
            create(dimension, 2, COMPACTED);
        }
        create("enriched-trades", 3, Map.of());
        create("dead-letters", 1, Map.of("max.message.bytes", "2097152"));
        return this;
    }

    /** Returns when the broker describes the topic: the controller answers before the broker has the metadata. */
    public void create(String role, int partitions, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(UNLIMITED_RETENTION);
        all.putAll(settings);
        admin().createTopics(List.of(new NewTopic(name(role), partitions, (short) 1).configs(all)))
                .all()
                .get();
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(
                        () -> admin()
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

    /** Deletes a dimension's topic and creates an empty one of the same name. */
    public void recreate(String role) throws Exception {
        recreate(role, 2, COMPACTED);
    }

    public void recreate(String role, int partitions, Map<String, String> settings) throws Exception {
        admin().deleteTopics(List.of(name(role))).all().get();
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
            create(role, partitions, settings);
            return true;
        });
    }

    /** The topic's current id. */
    public String id(String role) throws Exception {
        return admin().describeTopics(List.of(name(role)))
                .allTopicNames()
                .get()
                .get(name(role))
                .topicId()
                .toString();
    }

    public String name(String role) {
        return role + "." + suffix;
    }

    /** The transactional id prefix of a job between these topics. */
    public String prefix() {
        return "test-" + suffix + ".";
    }

    public Admin admin() {
        return broker.admin();
    }

    /** Settings of a job between these topics; a map that the caller may change. */
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
        for (String role : roles()) {
            settings.put("kafka.topics." + role, name(role));
        }
        settings.put("kafka.transactional-id-prefix", prefix());
        settings.put("kafka.transaction.timeout", "2 min");
        settings.put("kafka.partition-discovery.interval", "1 s");
        return settings;
    }

    /** The settings as command line arguments. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        settings().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }

    public KafkaProducer<byte[], byte[]> producer() {
        return broker.producer(Map.of("linger.ms", "5", "max.request.size", String.valueOf(16 << 20)));
    }

    /** A producer that is ready to begin a transaction. */
    public KafkaProducer<byte[], byte[]> transactionalProducer(String transactionalId) {
        var producer = broker.producer(Map.of("linger.ms", "5", "transactional.id", transactionalId));
        producer.initTransactions();
        return producer;
    }

    /** The record to send so that the job receives it as the given one. */
    public ProducerRecord<byte[], byte[]> record(SourceRecord received) {
        var record = new ProducerRecord<>(
                name(received.feed().title()), null, received.timestamp(), received.key(), received.value());
        for (Header header : received.headers()) {
            record.headers().add(header.key(), header.value());
        }
        return record;
    }

    public void send(List<SourceRecord> records) {
        try (var producer = producer()) {
            records.forEach(record -> producer.send(record(record)));
        }
    }

    /** Sends instrument 1, a stock of ticker {@code T}, and user 1, of name {@code u}. */
    public void sendRows() {
        send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
    }

    /** Sends trades of instrument 1 and user 1 with the ids {@code from} (inclusive) to {@code to} (exclusive). */
    public void sendTrades(long from, long to) {
        send(LongStream.range(from, to)
                .mapToObj(id -> Samples.tradeRecord(id, 1, 1))
                .toList());
    }

    public KafkaConsumer<byte[], byte[]> consumer(String role) throws Exception {
        var consumer = broker.consumer(Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest"));
        consumer.assign(partitions(role));
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    /** How many records of the topic are committed now. */
    public long committed(String role) throws Exception {
        return read(role, ends(role, IsolationLevel.READ_COMMITTED)).size();
    }

    /** Returns when exactly so many records of the topic are committed. */
    public void awaitCommitted(String role, long records) {
        await().atMost(TIMEOUT).until(() -> committed(role), committed -> committed == records);
    }

    /** Returns when exactly so many enriched trades are committed. */
    public void awaitEnriched(long trades) {
        awaitCommitted("enriched-trades", trades);
    }

    /** All committed records of the topic; waits until no transaction is open on it. */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String role) throws Exception {
        await().atMost(TIMEOUT)
                .until(() ->
                        ends(role, IsolationLevel.READ_COMMITTED).equals(ends(role, IsolationLevel.READ_UNCOMMITTED)));
        return read(role, ends(role, IsolationLevel.READ_COMMITTED));
    }

    /** Instrument and user of each enriched trade, {@code "T u"}, by trade id. Fails if an id occurs twice. */
    public Map<Long, String> enriched() throws Exception {
        Map<Long, String> enriched = new TreeMap<>();
        for (GenericRecord trade : enrichedTrades()) {
            Long id = (Long) trade.get("trade_id");
            String before = enriched.put(id, trade.get("instrument") + " " + trade.get("user"));
            assertThat(before)
                    .as("the first of two enriched trades with the id %s", id)
                    .isNull();
        }
        return enriched;
    }

    /** The ids of all enriched trades, in the order of the topic's partitions. */
    public List<Long> enrichedIds() throws Exception {
        return enrichedTrades().stream()
                .map(trade -> (Long) trade.get("trade_id"))
                .toList();
    }

    private List<GenericRecord> enrichedTrades() throws Exception {
        return readAll("enriched-trades").stream()
                .map(record -> Samples.enriched(record.value()))
                .toList();
    }

    /** Returns when the reader has read all that is committed on the topic now. */
    public void awaitRead(String role, CommittedReader reader) throws Exception {
        Map<TopicPartition, Long> ends = ends(role, IsolationLevel.READ_COMMITTED);
        await().atMost(TIMEOUT).until(() -> reader.hasRead(ends));
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String role, Map<TopicPartition, Long> ends) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        KafkaConsumer<byte[], byte[]> consumer = consumer(role);
        try {
            while (ends.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        } finally {
            // A close without a timeout may wait half a minute for an open fetch request.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
        return records;
    }

    private Map<TopicPartition, Long> ends(String role, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions(role).forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin().listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private List<TopicPartition> partitions(String role) throws Exception {
        return admin().describeTopics(List.of(name(role))).allTopicNames().get().get(name(role)).partitions().stream()
                .map(partition -> new TopicPartition(name(role), partition.partition()))
                .toList();
    }

    /** Does not wait: later tests use other names. */
    @Override
    public void close() {
        admin().deleteTopics(names());
    }
}
