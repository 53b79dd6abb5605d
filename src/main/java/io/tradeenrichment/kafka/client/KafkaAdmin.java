package io.tradeenrichment.kafka.client;

import io.tradeenrichment.kafka.sink.DeadLetterRecords;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka that is asked. An answer that does not come, or is a refusal, is one sentence with the key or topic in it. */
public final class KafkaAdmin implements AutoCloseable {
    public static final Duration ENOUGH_COMPACTION_LAG = Duration.ofSeconds(60);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final KafkaConnection access;
    private final Admin admin;

    private KafkaAdmin(KafkaConnection access, Admin admin) {
        this.access = access;
        this.admin = admin;
    }

    /** @throws SettingsException if no client can be made of the settings; whether Kafka answers is not known yet */
    public static KafkaAdmin open(KafkaConnection access) {
        Properties properties = ClientProperties.any(access);
        String timeout = String.valueOf(access.checkTimeout().toMillis());
        properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
        properties.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        try {
            return new KafkaAdmin(access, Admin.create(properties));
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    public Admin admin() {
        return admin;
    }

    /** A consumer in no group that sees committed records only and never jumps; close it. */
    public KafkaConsumer<byte[], byte[]> consumer() {
        try {
            return new KafkaConsumer<>(
                    ClientProperties.consumer(access), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    /** An idempotent producer that waits for all replicas in sync; close it. */
    public KafkaProducer<byte[], byte[]> producer() {
        try {
            return new KafkaProducer<>(
                    ClientProperties.producer(access), new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    /**
     * Looks topics up, and creates those that are missing if the settings say so.
     *
     * @param byKey topics under the keys that named them
     * @param created takes a sentence for each that was created
     * @throws SettingsException if one is missing, or Kafka does not answer
     */
    public Map<String, TopicDescription> topics(Map<String, String> byKey, Consumer<String> created)
            throws InterruptedException {
        Map<String, TopicDescription> found = new HashMap<>();
        Map<String, String> missing = new TreeMap<>();
        for (Map.Entry<String, String> topic : byKey.entrySet()) {
            Optional<TopicDescription> description = topic(topic.getValue());
            if (description.isPresent()) {
                found.put(topic.getValue(), description.get());
            } else {
                missing.put(topic.getKey(), topic.getValue());
            }
        }
        List<Map.Entry<String, String>> inOrder = new ArrayList<>(missing.entrySet());
        // The dead letters last: how large they may be depends on the topics that they come from.
        inOrder.sort(Comparator.comparing(
                topic -> topic.getValue().equals(access.topics().deadLetters())
                        && access.topics().create()));
        for (Map.Entry<String, String> topic : inOrder) {
            if (!access.topics().create()) {
                throw new SettingsException(
                        topic.getKey(),
                        topic.getKey() + ": there is no topic " + topic.getValue() + " on " + access.bootstrapServers()
                                + "; create it, or set " + KafkaOptions.TOPICS_CREATE.key() + " to true");
            }
            found.put(topic.getValue(), created(topic.getValue()));
            created.accept("The topic " + topic.getValue() + " was missing and has been created.");
        }
        return found;
    }

    private Optional<TopicDescription> topic(String name) throws InterruptedException {
        try {
            return Optional.ofNullable(
                    answer(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        } catch (KafkaException e) {
            throw refused("the topic " + name + " cannot be looked up", e);
        }
    }

    private TopicDescription created(String name) throws InterruptedException {
        boolean compacted = name.equals(access.topics().instruments())
                || name.equals(access.topics().users());
        NewTopic topic = new NewTopic(name, Optional.empty(), Optional.empty());
        if (compacted) {
            topic.configs(Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                    String.valueOf(ENOUGH_COMPACTION_LAG.toMillis())));
        }
        try {
            if (name.equals(access.topics().deadLetters())) {
                topic.configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(deadLetterSize(topic))));
            }
            answer(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Someone was faster.
        } catch (KafkaException e) {
            throw refused("the topic " + name + " cannot be created", e);
        }
        // The brokers hear of it one after the other.
        long deadline = System.nanoTime() + access.checkTimeout().toNanos();
        Optional<TopicDescription> description = topic(name);
        while (description.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            description = topic(name);
        }
        return description.orElseThrow(() -> unreachable());
    }

    /** The limit of the largest topic that the job reads, and room for the headers of a dead letter. */
    private long deadLetterSize(NewTopic deadLetters) throws InterruptedException {
        // What the broker gives topics that it creates, which may be those that are still missing.
        CreateTopicsOptions onlyAsked = new CreateTopicsOptions().validateOnly(true);
        long largest = maxMessage(
                answer(admin.createTopics(List.of(deadLetters), onlyAsked).config(deadLetters.name())));
        for (String source : access.topics().inputsByKey().values()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, source);
            try {
                Config config =
                        answer(admin.describeConfigs(List.of(resource)).all()).get(resource);
                largest = Math.max(largest, config == null ? 0 : maxMessage(config));
            } catch (UnknownTopicOrPartitionException e) {
                // It is not there yet.
            }
        }
        return Math.min(largest + DeadLetterRecords.ROOM, Integer.MAX_VALUE);
    }

    private static long maxMessage(Config config) {
        ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return entry == null || entry.value() == null ? 0 : Long.parseLong(entry.value());
    }

    /** An answer without which nothing can be started. */
    public <T> T ask(KafkaFuture<T> future) throws InterruptedException {
        try {
            return answer(future);
        } catch (KafkaException e) {
            throw refused("Kafka at " + access.bootstrapServers() + " does not answer as it should", e);
        }
    }

    /** @throws KafkaException with what Kafka refused, for the caller to judge */
    public <T> T answer(KafkaFuture<T> future) throws InterruptedException {
        try {
            // Somewhat longer than the client itself waits, so that it can say why.
            return future.get(access.checkTimeout().toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unreachable();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unreachable();
            }
            if (e.getCause() instanceof AuthenticationException refusal) {
                throw new SettingsException(
                        KafkaOptions.CLIENT.key(),
                        KafkaOptions.CLIENT.key() + ": Kafka at " + access.bootstrapServers()
                                + " does not let the job in: " + Failures.rootCause(refusal));
            }
            throw e.getCause() instanceof KafkaException refusal ? refusal : new KafkaException(e.getCause());
        }
    }

    private SettingsException unreachable() {
        String key = KafkaOptions.BOOTSTRAP_SERVERS.key();
        return new SettingsException(
                key,
                key + ": Kafka at " + access.bootstrapServers() + " has not answered within "
                        + KafkaOptions.CHECK_TIMEOUT.key() + " ("
                        + DurationText.of(access.checkTimeout()) + ")");
    }

    public static SettingsException refused(String what, KafkaException e) {
        return new SettingsException(KafkaOptions.BOOTSTRAP_SERVERS.key(), what + ": " + Failures.rootCause(e));
    }

    private static SettingsException unusable(KafkaException e) {
        return new SettingsException(
                KafkaOptions.BOOTSTRAP_SERVERS.key(),
                KafkaOptions.BOOTSTRAP_SERVERS.key() + " or " + KafkaOptions.CLIENT.key() + " cannot be used: "
                        + causes(e));
    }

    /** What could not be done, and why, without the client that it was for and what lies deeper. */
    private static String causes(KafkaException e) {
        List<String> causes = new ArrayList<>();
        for (Throwable cause = e.getCause(); cause != null && causes.size() < 2; cause = cause.getCause()) {
            String message = Failures.message(cause);
            boolean wraps = cause.getCause() != null && message.contains(Failures.message(cause.getCause()));
            if (!wraps && !message.startsWith("Failed to create new ")) {
                causes.add(message);
            }
        }
        return causes.isEmpty() ? Failures.rootCause(e) : String.join(": ", causes);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
