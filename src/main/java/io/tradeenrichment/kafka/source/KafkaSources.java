package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.client.ClientProperties;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.types.ModelTypes;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.TopicPartition;

/** The job's Kafka sources, the initial snapshot of the dimensions, and the end offsets of all topics. */
public final class KafkaSources {
    private final KafkaConfig config;
    private final InitialEndOffsets initialEnds;

    /** @param initialEnds where the snapshot ends and the sources of the dimensions start */
    public KafkaSources(KafkaConfig config, InitialEndOffsets initialEnds) {
        this.config = config;
        this.initialEnds = initialEnds;
    }

    public DataStreamSource<SourceRecord> trades(StreamExecutionEnvironment environment) {
        return source(environment, Feed.TRADES, StartingOffsets.of(config.source()), Map.of());
    }

    /** The records after the snapshot. The parallelism is 1, so that they keep the order of their topic. */
    public DataStreamSource<SourceRecord> dimension(StreamExecutionEnvironment environment, Dimension dimension) {
        Map<TopicPartition, Long> start = initialEnds.offsets(config.topics().of(dimension));
        return source(environment, dimension.feed(), StartingOffsets.specified(start), start)
                .setParallelism(1);
    }

    public SnapshotRecords snapshot() {
        return new KafkaDimensionSnapshot(config, initialEnds);
    }

    public EndOffsets endOffsets() {
        return new KafkaEndOffsets(config, initialEnds);
    }

    private DataStreamSource<SourceRecord> source(
            StreamExecutionEnvironment environment,
            Feed feed,
            StartingOffsets start,
            Map<TopicPartition, Long> startIfRecreated) {
        Properties properties = ClientProperties.consumer(config.connection());
        long discovery = config.source().partitionDiscovery().toMillis();
        properties.setProperty(
                KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
                String.valueOf(discovery == 0 ? -1 : discovery));
        String topic = config.topics().of(feed);
        String groupId = config.source().groupId();
        KafkaSource<SourceRecord> source = KafkaSource.<SourceRecord>builder()
                .setProperties(properties)
                .setTopics(topic)
                .setGroupId(groupId)
                .setClientIdPrefix(groupId + "-" + feed.title())
                .setStartingOffsets(start)
                .setDeserializer(new SourceRecordDeserializer(feed))
                .build();
        RecreatedTopic recreated = new RecreatedTopic(
                config.topics().keyOf(topic),
                topic,
                ClientProperties.common(config.connection()),
                config.connection().checkTimeout(),
                config.source().acceptRecreated(),
                startIfRecreated);
        return environment.fromSource(
                new TopicSource(source, recreated),
                WatermarkStrategy.noWatermarks(),
                feed.title(),
                ModelTypes.SOURCE_RECORD);
    }
}
