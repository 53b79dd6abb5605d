package io.tradeenrichment;

import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.check.StartChecks;
import io.tradeenrichment.kafka.client.ClientProperties;
import io.tradeenrichment.kafka.client.Delivery;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.sink.DeadLetterRecords;
import io.tradeenrichment.kafka.sink.EnrichedTradeRecords;
import io.tradeenrichment.kafka.sink.GuardedSink;
import io.tradeenrichment.kafka.sink.OpenTransactions;
import io.tradeenrichment.kafka.sink.TransactionGuard;
import io.tradeenrichment.kafka.source.KafkaDimensionSnapshot;
import io.tradeenrichment.kafka.source.KafkaEndOffsets;
import io.tradeenrichment.kafka.source.RecreatedTopic;
import io.tradeenrichment.kafka.source.SourceRecordReader;
import io.tradeenrichment.kafka.source.StartOffsets;
import io.tradeenrichment.kafka.source.TopicSource;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.TopicPartition;

/** The job's connectors on Kafka. {@link #open} makes every check that can be made before the job runs. */
public final class KafkaConnectors implements Connectors {
    /** Time for a coordinator to end a transaction that it has decided on. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final KafkaConfig config;
    private final int maxEnrichedSize;
    private final StartChecks.Found found;

    private KafkaConnectors(KafkaConfig config, int maxEnrichedSize, StartChecks.Found found) {
        this.config = config;
        this.maxEnrichedSize = maxEnrichedSize;
        this.found = found;
    }

    /**
     * Checks the settings against Kafka and captures where the dimensions' topics end.
     *
     * @param maxEnrichedSize the longest enriched value that will be written, in bytes
     * @throws io.tradeenrichment.settings.SettingsException with one sentence if the job could not run
     */
    public static KafkaConnectors open(KafkaConfig config, Checkpointing checkpointing, int maxEnrichedSize)
            throws InterruptedException {
        return new KafkaConnectors(config, maxEnrichedSize, StartChecks.run(config, checkpointing, maxEnrichedSize));
    }

    /**
     * The same connectors without a request to Kafka: enough to build the job's graph, not to run it.
     *
     * @param maxEnrichedSize the longest enriched value that would be written, in bytes
     */
    public static KafkaConnectors offline(KafkaConfig config, int maxEnrichedSize) {
        return new KafkaConnectors(
                config, maxEnrichedSize, new StartChecks.Found(Map.of(), Map.of(), maxEnrichedSize, List.of()));
    }

    /** Findings of the checks that do not stop the job, a sentence each. */
    public List<String> warnings() {
        return found.warnings();
    }

    @Override
    public SingleOutputStreamOperator<SourceRecord> trades(StreamExecutionEnvironment environment) {
        return stream(environment, Feed.TRADES, StartOffsets.of(config.reading()), Map.of());
    }

    @Override
    public SingleOutputStreamOperator<SourceRecord> instruments(StreamExecutionEnvironment environment) {
        return dimension(environment, Feed.INSTRUMENTS);
    }

    @Override
    public SingleOutputStreamOperator<SourceRecord> users(StreamExecutionEnvironment environment) {
        return dimension(environment, Feed.USERS);
    }

    private SingleOutputStreamOperator<SourceRecord> dimension(StreamExecutionEnvironment environment, Feed feed) {
        Map<TopicPartition, Long> ends = found.dimensionEnds();
        return stream(environment, feed, new StartOffsets.Given(ends), ends).setParallelism(1);
    }

    @Override
    public SnapshotRecords snapshot() {
        return new KafkaDimensionSnapshot(config, found);
    }

    @Override
    public EndOffsets endOffsets() {
        return new KafkaEndOffsets(config, found);
    }

    @Override
    public Sink<EnrichedTrade> enrichedTrades() {
        return sink(
                OpenTransactions.ENRICHED_TRADES,
                config.topics().enrichedTrades(),
                new EnrichedTradeRecords(config.topics().enrichedTrades()),
                maxEnrichedSize + StartChecks.ENRICHED_OVERHEAD);
    }

    /** With the same delivery guarantee as the enriched trades, in transactions of its own. */
    @Override
    public Sink<RejectedRecord> deadLetters() {
        return sink(
                OpenTransactions.DEAD_LETTERS,
                config.topics().deadLetters(),
                new DeadLetterRecords(config.topics(), found.deadLetterMaxSize()),
                found.deadLetterMaxSize());
    }

    private SingleOutputStreamOperator<SourceRecord> stream(
            StreamExecutionEnvironment environment,
            Feed feed,
            StartOffsets start,
            Map<TopicPartition, Long> startIfRecreated) {
        Properties properties = ClientProperties.consumer(config.access());
        long discovery = config.reading().partitionDiscovery().toMillis();
        properties.setProperty(
                KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
                String.valueOf(discovery == 0 ? -1 : discovery));
        KafkaSource<SourceRecord> source = KafkaSource.<SourceRecord>builder()
                .setProperties(properties)
                .setTopics(config.topics().of(feed))
                .setGroupId(config.reading().groupId())
                .setClientIdPrefix(config.reading().groupId() + "-" + feed.title())
                .setStartingOffsets(start)
                .setDeserializer(new SourceRecordReader(feed))
                .build();
        RecreatedTopic recreated = new RecreatedTopic(
                config.topics().keyOf(feed),
                config.topics().of(feed),
                ClientProperties.any(config.access()),
                config.reading().checkTimeout(),
                config.reading().acceptRecreated(),
                startIfRecreated);
        return environment.fromSource(
                new TopicSource(source, recreated),
                WatermarkStrategy.noWatermarks(),
                feed.title(),
                ModelTypes.SOURCE_RECORD);
    }

    private <T> Sink<T> sink(String role, String topic, KafkaRecordSerializationSchema<T> records, int maxRequestSize) {
        KafkaConfig.Writing writing = config.writing();
        var sink = KafkaSink.<T>builder()
                .setKafkaProducerConfig(ClientProperties.producer(config, maxRequestSize))
                .setBootstrapServers(config.bootstrapServers())
                .setRecordSerializer(records)
                .setDeliveryGuarantee(writing.delivery().guarantee());
        if (writing.delivery() != Delivery.EXACTLY_ONCE) {
            return sink.build();
        }
        // Names that are used once each: pooled ones lose their way at an epoch's rollover, leave transactions open
        // after a change of parallelism, and do not say what became of a transaction.
        sink.setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
                .setTransactionalIdPrefix(writing.transactionalIdPrefix() + role);
        return new GuardedSink<>(
                sink.build(),
                new TransactionGuard.Guarded(topic, writing.acceptLossUntil(), BETWEEN_LOOKS),
                ClientProperties.any(config.access()));
    }
}
