package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.client.ClientProperties;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.Feed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The end offsets of the topics. Each task that reads a topic watches it with a consumer of its own. */
final class KafkaEndOffsets implements EndOffsets {
    /** One record is enough to know that there is one; the broker returns the first batch whole, whatever its size. */
    private static final String FETCH_BYTES = String.valueOf(64 << 10);
    /** The delay until a new partition is known. */
    private static final Duration METADATA_AGE = Duration.ofSeconds(1);

    private final Properties consumer;
    private final Map<Feed, String> topics = new HashMap<>();
    private final Map<Feed, Start> starts = new HashMap<>();
    private final boolean discoversPartitions;

    KafkaEndOffsets(KafkaConfig config, InitialEndOffsets initialEnds) {
        consumer = ClientProperties.consumer(config.connection());
        consumer.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
        consumer.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        consumer.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        consumer.setProperty(ConsumerConfig.METADATA_MAX_AGE_CONFIG, String.valueOf(METADATA_AGE.toMillis()));
        discoversPartitions = !config.source().partitionDiscovery().isZero();
        put(Feed.TRADES, config.topics().of(Feed.TRADES), initialEnds);
        config.topics().byDimension().forEach((dimension, topic) -> put(dimension.feed(), topic, initialEnds));
    }

    private void put(Feed feed, String topic, InitialEndOffsets initialEnds) {
        Map<Integer, Long> offsets = new HashMap<>();
        initialEnds.offsets(topic).forEach((partition, end) -> offsets.put(partition.partition(), end));
        topics.put(feed, topic);
        starts.put(feed, new Start(initialEnds.topicNumber(topic), offsets));
    }

    @Override
    @SuppressWarnings("NullAway") // The map has every feed.
    public Start start(Feed feed) {
        return starts.get(feed);
    }

    @Override
    public Watch watch(Feed feed) {
        String topic = topics.get(feed);
        if (topic == null) {
            throw new IllegalStateException("no topic for the feed " + feed.title());
        }
        Properties properties = new Properties();
        properties.putAll(consumer);
        properties.setProperty(ConsumerConfig.CLIENT_ID_CONFIG, topic + "-ends");
        return new TopicEndOffsets(
                topic,
                () -> new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                discoversPartitions ? null : partitions(topic, start(feed)));
    }

    private static Set<TopicPartition> partitions(String topic, Start start) {
        return start.offsets().keySet().stream()
                .map(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toSet());
    }
}
