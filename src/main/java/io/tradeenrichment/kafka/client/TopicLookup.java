package io.tradeenrichment.kafka.client;

import io.tradeenrichment.settings.SettingsException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks topics up, and creates missing ones if {@code kafka.topics.create} is set. */
public final class TopicLookup {
    private final KafkaAdmin admin;

    public TopicLookup(KafkaAdmin admin) {
        this.admin = admin;
    }

    /**
     * Returns the descriptions by topic.
     *
     * @param byKey the topics, each under the key of its setting
     * @param onCreated takes one sentence for each topic that was created
     * @throws SettingsException if a topic is missing and is not to be created, or if Kafka does not answer
     */
    public Map<String, TopicDescription> require(Map<String, String> byKey, Consumer<String> onCreated)
            throws InterruptedException {
        Map<String, TopicDescription> found = new HashMap<>();
        Map<String, String> missing = new TreeMap<>();
        for (Map.Entry<String, String> topic : byKey.entrySet()) {
            Optional<TopicDescription> description = find(topic.getValue());
            if (description.isPresent()) {
                found.put(topic.getValue(), description.get());
            } else {
                missing.put(topic.getKey(), topic.getValue());
            }
        }
        if (!missing.isEmpty() && !admin.connection().topics().create()) {
            String key = missing.keySet().iterator().next();
            throw new SettingsException(
                    key,
                    key + ": there is no topic " + missing.get(key) + " on "
                            + admin.connection().bootstrapServers() + "; create it, or set "
                            + KafkaOptions.TOPICS_CREATE.key() + " to true");
        }
        TopicCreator creator = new TopicCreator(admin, this);
        for (String topic : inOrderOfCreation(missing)) {
            found.put(topic, creator.create(topic));
            onCreated.accept("The topic " + topic + " was missing and has been created.");
        }
        return found;
    }

    /** The dead letters last: their size limit depends on those of the topics that the job reads. */
    private List<String> inOrderOfCreation(Map<String, String> missing) {
        String deadLetters = admin.connection().topics().deadLetters();
        return missing.values().stream()
                .distinct()
                .sorted(Comparator.comparing(deadLetters::equals))
                .toList();
    }

    Optional<TopicDescription> find(String topic) throws InterruptedException {
        try {
            return Optional.ofNullable(
                    admin.await(admin.client().describeTopics(List.of(topic)).allTopicNames())
                            .get(topic));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        } catch (KafkaException e) {
            throw KafkaAdmin.failure("the topic " + topic + " cannot be looked up", e);
        }
    }
}
