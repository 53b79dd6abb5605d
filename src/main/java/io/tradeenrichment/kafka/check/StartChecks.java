package io.tradeenrichment.kafka.check;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.Delivery;
import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.kafka.sink.DeadLetterRecords;
import io.tradeenrichment.kafka.source.TopicIdentity;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.SettingsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Asks Kafka, before the job is submitted, for all that would otherwise make it fail later, again at every restart. Each
 * refusal is one sentence that names the key or the topic.
 */
public final class StartChecks implements AutoCloseable {
    /** What an enriched trade takes in a request beside its value; rounded up. */
    public static final int ENRICHED_OVERHEAD = 1024;

    private static final long DEFAULT_BUFFER_MEMORY = 32L << 20;
    /** Of what does not compress, the compressed form is a little larger: less than one part in so many. */
    private static final int COMPRESSION_MARGIN = 100;

    private static final String BUFFER_MEMORY = KafkaOptions.CLIENT.key() + "." + ProducerConfig.BUFFER_MEMORY_CONFIG;

    private final KafkaConfig config;
    private final KafkaAdmin cluster;
    private final Admin admin;
    private final List<String> warnings = new ArrayList<>();

    /**
     * What was found, as far as the job needs it.
     *
     * @param dimensionEnds where the dimensions' topics ended
     * @param topicIds by topic; none if Kafka was not asked
     */
    public record Found(
            Map<TopicPartition, Long> dimensionEnds,
            Map<String, Uuid> topicIds,
            int deadLetterMaxSize,
            List<String> warnings) {

        /** The topic's id as a number, see {@link TopicIdentity#number}; 0 if it is not known. */
        public long topicNumber(String topic) {
            Uuid id = topicIds.get(topic);
            return id == null ? 0 : TopicIdentity.number(id);
        }
    }

    private StartChecks(KafkaConfig config) {
        this.config = config;
        cluster = KafkaAdmin.open(config.access());
        admin = cluster.admin();
    }

    /**
     * @param maxEnrichedSize the longest enriched value, in bytes
     * @throws SettingsException naming the key or the topic for which the job could not run
     */
    public static Found run(KafkaConfig config, Checkpointing checkpointing, int maxEnrichedSize)
            throws InterruptedException {
        checkpointing.check(config.writing());
        try (var checks = new StartChecks(config)) {
            return checks.run(checkpointing, maxEnrichedSize);
        }
    }

    private Found run(Checkpointing checkpointing, int maxEnrichedSize) throws InterruptedException {
        Map<String, TopicDescription> topics = cluster.topics(config.topics().byKey(), warnings::add);
        Map<String, Config> settings = settings(topics.keySet());
        checkDimensions(settings);
        checkOutputs(settings);
        checkEnrichedSize(settings, maxEnrichedSize);
        if (config.writing().delivery() == Delivery.EXACTLY_ONCE) {
            warnings.addAll(new TransactionChecks(cluster, config).run(checkpointing));
            warnings.addAll(checkpointing.warnings());
        } else {
            warnings.add(KafkaOptions.DELIVERY.key()
                    + " is at-least-once: after a failure, what was written since the last checkpoint is written again;"
                    + " consumers must tell repetitions by the trade_id.");
        }
        int deadLetterMaxSize = deadLetterMaxSize(settings);
        Map<String, Uuid> ids = new HashMap<>();
        topics.forEach((topic, description) -> ids.put(topic, description.topicId()));
        return new Found(dimensionEnds(topics), ids, deadLetterMaxSize, List.copyOf(warnings));
    }

    private Map<String, Config> settings(Collection<String> topics) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, Config> settings = new HashMap<>();
        cluster.ask(admin.describeConfigs(resources).all()).forEach((topic, of) -> settings.put(topic.name(), of));
        return settings;
    }

    private void checkDimensions(Map<String, Config> settings) {
        for (Dimension dimension : Dimension.values()) {
            String topic = config.topics().of(dimension);
            String policy = text(settings, topic, TopicConfig.CLEANUP_POLICY_CONFIG);
            if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                String key = keyOf(topic);
                throw new SettingsException(
                        key,
                        key + ": the topic " + topic + " has " + TopicConfig.CLEANUP_POLICY_CONFIG + "=" + policy
                                + ", by which rows that still stand are deleted; set it to compact");
            }
            long lag = number(settings, topic, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG);
            if (lag < KafkaAdmin.ENOUGH_COMPACTION_LAG.toMillis()) {
                warnings.add("The topic " + topic + " has " + TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG + "=" + lag
                        + ": a row that is compacted away while the job first loads may be missed for a moment; set it"
                        + " to " + KafkaAdmin.ENOUGH_COMPACTION_LAG.toMillis() + " or more.");
            }
        }
    }

    /** Whatever is written carries the time and the key of what was read; the topics must take both. */
    private void checkOutputs(Map<String, Config> settings) {
        for (String topic :
                List.of(config.topics().enrichedTrades(), config.topics().deadLetters())) {
            String key = keyOf(topic);
            String policy = text(settings, topic, TopicConfig.CLEANUP_POLICY_CONFIG);
            if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                throw new SettingsException(
                        key,
                        key + ": the topic " + topic + " is compacted, by which all but the last record of each key are"
                                + " lost; set " + TopicConfig.CLEANUP_POLICY_CONFIG + " to delete");
            }
            if (!createTime(settings, topic)) {
                continue;
            }
            long before = number(settings, topic, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
            if (before != Long.MAX_VALUE) {
                throw new SettingsException(
                        key,
                        key + ": the topic " + topic + " refuses records older than "
                                + TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG + "=" + before
                                + ", and a refusal fails the job at every restart; remove that limit");
            }
            long after = number(settings, topic, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG);
            for (Feed feed : Feed.values()) {
                String from = config.topics().of(feed);
                if (createTime(settings, from)
                        && number(settings, from, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG) > after) {
                    throw new SettingsException(
                            key,
                            key + ": the topic " + topic + " refuses times in the future that " + from
                                    + " takes, and a refusal fails the job at every restart; set its "
                                    + TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG + " to that of " + from);
                }
            }
        }
    }

    private void checkEnrichedSize(Map<String, Config> settings, int maxEnrichedSize) {
        String topic = config.topics().enrichedTrades();
        long most = number(settings, topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (maxEnrichedSize + (long) ENRICHED_OVERHEAD > most) {
            String key = JobOptions.WIRE_ENRICHED_MAX_SIZE.key();
            throw new SettingsException(
                    key,
                    key + " is " + maxEnrichedSize + " bytes, but the topic " + topic + " takes records of at most "
                            + most + " (" + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + ") with " + ENRICHED_OVERHEAD
                            + " for what stands beside the value; lower the one or raise the other");
        }
    }

    /**
     * How large a dead letter may be, uncompressed. Kafka holds {@code max.message.bytes} against the batch as it is
     * stored, and a letter near the limit is alone in its batch, so the uncompressed size is what counts here.
     */
    private int deadLetterMaxSize(Map<String, Config> settings) {
        String topic = config.topics().deadLetters();
        long most = number(settings, topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        long uncompressed = compresses(settings, topic) ? most - most / COMPRESSION_MARGIN : most;
        long memory = bufferMemory();
        if (uncompressed < DeadLetterRecords.ROOM) {
            String key = keyOf(topic);
            throw new SettingsException(
                    key,
                    key + ": the topic " + topic + " takes records of at most " + most + " bytes ("
                            + TopicConfig.MAX_MESSAGE_BYTES_CONFIG
                            + "), too few for the headers of a dead letter; set it"
                            + " above the limits of the topics that the job reads");
        }
        if (memory < DeadLetterRecords.ROOM) {
            throw new SettingsException(
                    BUFFER_MEMORY, BUFFER_MEMORY + " is " + memory + ", too few bytes for a dead letter; raise it");
        }
        warnIfALetterMayNotFit(settings, uncompressed, memory);
        return (int) Math.min(uncompressed, memory);
    }

    private void warnIfALetterMayNotFit(Map<String, Config> settings, long topicTakes, long memory) {
        String largest = config.topics().trades();
        for (Feed feed : Feed.values()) {
            String topic = config.topics().of(feed);
            if (maxMessage(settings, topic) > maxMessage(settings, largest)) {
                largest = topic;
            }
        }
        String deadLetters = config.topics().deadLetters();
        long needed = maxMessage(settings, largest) + DeadLetterRecords.ROOM;
        String consequence = ", but " + largest + " takes up to " + maxMessage(settings, largest)
                + ": a rejected record that is too large for a dead letter is written there without its headers, value or"
                + " key. Set ";
        if (topicTakes < needed) {
            long raised = compresses(settings, deadLetters) ? needed + needed / (COMPRESSION_MARGIN - 1) + 1 : needed;
            warnings.add("The topic " + deadLetters + " takes records of at most " + maxMessage(settings, deadLetters)
                    + " bytes (" + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + ")" + consequence
                    + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + " of " + deadLetters + " to " + raised + " or more.");
        }
        if (memory < needed) {
            warnings.add(BUFFER_MEMORY + " is " + memory + " bytes" + consequence + BUFFER_MEMORY + " to " + needed
                    + " or more.");
        }
    }

    private boolean compresses(Map<String, Config> settings, String topic) {
        String broker = text(settings, topic, TopicConfig.COMPRESSION_TYPE_CONFIG);
        String producer = config.client().getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return broker.equals("producer") ? !producer.strip().equals("none") : !broker.equals("uncompressed");
    }

    private long bufferMemory() {
        String given = config.client().get(ProducerConfig.BUFFER_MEMORY_CONFIG);
        if (given == null) {
            return DEFAULT_BUFFER_MEMORY;
        }
        try {
            return Long.parseLong(given.strip());
        } catch (NumberFormatException e) {
            throw new SettingsException(
                    BUFFER_MEMORY, BUFFER_MEMORY + " is '" + given + "', but takes a whole number of bytes");
        }
    }

    private static long maxMessage(Map<String, Config> settings, String topic) {
        return number(settings, topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    }

    /** The last stable offsets, not the high watermarks: behind a transaction that is open, nothing stands yet. */
    private Map<TopicPartition, Long> dimensionEnds(Map<String, TopicDescription> topics) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (Dimension dimension : Dimension.values()) {
            String topic = config.topics().of(dimension);
            Stream.ofNullable(topics.get(topic))
                    .flatMap(description -> description.partitions().stream())
                    .forEach(partition ->
                            asked.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        cluster.ask(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private String keyOf(String topic) {
        for (Map.Entry<String, String> named : config.topics().byKey().entrySet()) {
            if (named.getValue().equals(topic)) {
                return named.getKey();
            }
        }
        throw new IllegalArgumentException(topic + " is none of the job's topics");
    }

    private static boolean createTime(Map<String, Config> settings, String topic) {
        return text(settings, topic, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime");
    }

    private static long number(Map<String, Config> settings, String topic, String name) {
        return Long.parseLong(text(settings, topic, name));
    }

    private static String text(Map<String, Config> settings, String topic, String name) {
        Config config = settings.get(topic);
        ConfigEntry entry = config == null ? null : config.get(name);
        if (entry == null || entry.value() == null) {
            throw new IllegalStateException("Kafka does not tell " + name + " of the topic " + topic);
        }
        return entry.value();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
