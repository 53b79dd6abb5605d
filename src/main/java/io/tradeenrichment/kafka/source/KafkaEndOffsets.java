package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.check.StartChecks;
import io.tradeenrichment.kafka.client.ClientProperties;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.Feed;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Where the dimensions' topics end, each watched by a consumer of its own in the task that reads the topic. */
public final class KafkaEndOffsets implements EndOffsets {
    /** A few bytes suffice to see that there is a record; a partition's first batch is always sent whole. */
    private static final String LEAST_BYTES = String.valueOf(64 << 10);
    /** New partitions are seen about as soon as this. */
    private static final Duration METADATA_AGE = Duration.ofSeconds(1);

    private final Properties consumer;
    private final Map<Feed, String> topics = new EnumMap<>(Feed.class);
    private final Map<Feed, Start> starts = new EnumMap<>(Feed.class);
    private final boolean findsPartitions;

    public KafkaEndOffsets(KafkaConfig config, StartChecks.Found found) {
        consumer = ClientProperties.consumer(config.access());
        consumer.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
        consumer.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, LEAST_BYTES);
        consumer.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LEAST_BYTES);
        consumer.setProperty(ConsumerConfig.METADATA_MAX_AGE_CONFIG, String.valueOf(METADATA_AGE.toMillis()));
        findsPartitions = !config.reading().partitionDiscovery().isZero();
        for (Feed feed : Feed.values()) {
            String topic = config.topics().of(feed);
            Map<Integer, Long> offsets = new HashMap<>();
            found.dimensionEnds().forEach((partition, end) -> {
                if (partition.topic().equals(topic)) {
                    offsets.put(partition.partition(), end);
                }
            });
            topics.put(feed, topic);
            starts.put(feed, new Start(found.topicNumber(topic), offsets));
        }
    }

    @Override
    @SuppressWarnings("NullAway") // every feed has one
    public Start start(Feed feed) {
        return starts.get(feed);
    }

    @Override
    public Watch watch(Feed feed) {
        String topic = topics.get(feed);
        if (topic == null) {
            throw new IllegalStateException("there is no topic of the feed " + feed.title());
        }
        Properties properties = new Properties();
        properties.putAll(consumer);
        properties.setProperty(ConsumerConfig.CLIENT_ID_CONFIG, topic + "-ends");
        return new TopicEndOffsets(
                topic,
                () -> new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                findsPartitions ? null : partitions(topic, start(feed)));
    }

    private static Set<TopicPartition> partitions(String topic, Start start) {
        return start.offsets().keySet().stream()
                .map(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toSet());
    }
}
