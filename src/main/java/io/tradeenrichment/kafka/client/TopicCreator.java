package io.tradeenrichment.kafka.client;

import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics of the job with the broker's default numbers of partitions and replicas. */
final class TopicCreator {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final KafkaAdmin admin;
    private final TopicLookup lookup;
    private final KafkaConfig.Topics topics;

    TopicCreator(KafkaAdmin admin, TopicLookup lookup) {
        this.admin = admin;
        this.lookup = lookup;
        this.topics = admin.connection().topics();
    }

    /** @throws SettingsException if Kafka does not create the topic */
    TopicDescription create(String name) throws InterruptedException {
        NewTopic topic = new NewTopic(name, Optional.empty(), Optional.empty());
        try {
            topic.configs(configs(topic));
            admin.await(admin.client().createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Another client created it since the lookup.
        } catch (KafkaException e) {
            throw KafkaAdmin.failure("the topic " + name + " cannot be created", e);
        }
        return awaitMetadata(name);
    }

    private Map<String, String> configs(NewTopic topic) throws InterruptedException {
        String name = topic.name();
        if (topics.byDimension().containsValue(name)) {
            return Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                    String.valueOf(KafkaConfig.Topics.MIN_COMPACTION_LAG.toMillis()));
        }
        return name.equals(topics.deadLetters())
                ? Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(deadLetterSize(topic)))
                : Map.of();
    }

    /** The largest limit of the topics that the job reads, plus the headers of a dead letter. */
    private long deadLetterSize(NewTopic deadLetters) throws InterruptedException {
        // The broker's default applies to topics that are created later, and a validated request returns it.
        CreateTopicsOptions validateOnly = new CreateTopicsOptions().validateOnly(true);
        long largest = maxMessageBytes(admin.await(
                admin.client().createTopics(List.of(deadLetters), validateOnly).config(deadLetters.name())));
        for (String source : topics.inputs()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, source);
            try {
                Config config = admin.await(admin.client()
                                .describeConfigs(List.of(resource))
                                .all())
                        .get(resource);
                largest = Math.max(largest, config == null ? 0 : maxMessageBytes(config));
            } catch (UnknownTopicOrPartitionException e) {
                // Not created yet: it will have the broker's default.
            }
        }
        return Math.min(largest + RecordOverhead.DEAD_LETTER, Integer.MAX_VALUE);
    }

    private static long maxMessageBytes(Config config) {
        ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return entry == null || entry.value() == null ? 0 : Long.parseLong(entry.value());
    }

    /** A new topic reaches the metadata of the brokers one after the other. */
    private TopicDescription awaitMetadata(String name) throws InterruptedException {
        long deadline = System.nanoTime() + admin.connection().checkTimeout().toNanos();
        Optional<TopicDescription> description = lookup.find(name);
        while (description.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE.toMillis());
            description = lookup.find(name);
        }
        return description.orElseThrow(admin::noAnswer);
    }
}
