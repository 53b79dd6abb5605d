package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaAdmin;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** The topic-level settings of the job's topics, including the broker's defaults. */
final class TopicSettings {
    private final Map<String, Config> byTopic;

    private TopicSettings(Map<String, Config> byTopic) {
        this.byTopic = byTopic;
    }

    static TopicSettings lookUp(KafkaAdmin admin, Collection<String> topics) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, Config> byTopic = new HashMap<>();
        admin.require(admin.client().describeConfigs(resources).all())
                .forEach((topic, config) -> byTopic.put(topic.name(), config));
        return new TopicSettings(byTopic);
    }

    String text(String topic, String name) {
        Config config = byTopic.get(topic);
        ConfigEntry entry = config == null ? null : config.get(name);
        if (entry == null || entry.value() == null) {
            throw new IllegalStateException("Kafka does not return " + name + " of the topic " + topic);
        }
        return entry.value();
    }

    long number(String topic, String name) {
        return Long.parseLong(text(topic, name));
    }

    long maxMessageBytes(String topic) {
        return number(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    }

    /** Whether records keep the producer's timestamp. */
    boolean keepsTimestamps(String topic) {
        return text(topic, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime");
    }
}
