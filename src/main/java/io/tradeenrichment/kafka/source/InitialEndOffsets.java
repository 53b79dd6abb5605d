package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.settings.SettingsException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Where the dimension topics end when the job is submitted, and the ids of the job's topics. The initial snapshot reads
 * up to these offsets, and the sources start there.
 *
 * @param offsets of the dimension topics
 * @param topicIds by topic
 */
public record InitialEndOffsets(Map<TopicPartition, Long> offsets, Map<String, Uuid> topicIds) {
    /** For a job graph that is built without a connection, and not run. */
    public static final InitialEndOffsets UNKNOWN = new InitialEndOffsets(Map.of(), Map.of());

    public InitialEndOffsets {
        offsets = Map.copyOf(offsets);
        topicIds = Map.copyOf(topicIds);
    }

    /**
     * Uses the last stable offsets. A snapshot that reads up to the high watermark would wait for open transactions.
     *
     * @throws SettingsException if Kafka does not answer
     */
    public static InitialEndOffsets lookUp(
            KafkaAdmin admin, KafkaConfig.Topics topics, Collection<TopicDescription> descriptions)
            throws InterruptedException {
        Map<String, Uuid> topicIds = new HashMap<>();
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicDescription topic : descriptions) {
            topicIds.put(topic.name(), topic.topicId());
            if (topics.byDimension().containsValue(topic.name())) {
                topic.partitions()
                        .forEach(partition -> partitions.put(
                                new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
            }
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.require(admin.client()
                        .listOffsets(partitions, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all())
                .forEach((partition, end) -> offsets.put(partition, end.offset()));
        return new InitialEndOffsets(offsets, topicIds);
    }

    /** The offsets of one topic. */
    Map<TopicPartition, Long> offsets(String topic) {
        return offsets.entrySet().stream()
                .filter(end -> end.getKey().topic().equals(topic))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The topic's id as a number, see {@link TopicIdentity#number}; 0 if the id is unknown. */
    long topicNumber(String topic) {
        Uuid id = topicIds.get(topic);
        return id == null ? 0 : TopicIdentity.number(id);
    }
}
