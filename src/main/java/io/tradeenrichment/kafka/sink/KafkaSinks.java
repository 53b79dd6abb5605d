package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.kafka.client.ClientProperties;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.RecordOverhead;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.RejectedRecord;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;

/** The job's Kafka sinks. Both have the same delivery guarantee, and transactions of their own. */
public final class KafkaSinks {
    private static final String ENRICHED_TRADES = "enriched-trades";
    private static final String DEAD_LETTERS = "dead-letters";

    /** How long the coordinator may take to complete a transaction whose outcome is decided. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final KafkaConfig config;
    private final int maxEnrichedSize;
    private final int maxDeadLetterSize;

    /**
     * @param maxEnrichedSize of an enriched value, in bytes
     * @param maxDeadLetterSize of a dead letter alone in its batch, uncompressed, in bytes
     */
    public KafkaSinks(KafkaConfig config, int maxEnrichedSize, int maxDeadLetterSize) {
        this.config = config;
        this.maxEnrichedSize = maxEnrichedSize;
        this.maxDeadLetterSize = maxDeadLetterSize;
    }

    /** The transactional id prefix of each sink, made from the job's prefix. */
    public static List<String> transactionalIdPrefixes(String jobPrefix) {
        return List.of(jobPrefix + ENRICHED_TRADES, jobPrefix + DEAD_LETTERS);
    }

    public Sink<EnrichedTrade> enrichedTrades() {
        String topic = config.topics().enrichedTrades();
        return sink(
                ENRICHED_TRADES,
                topic,
                new EnrichedTradeRecords(topic),
                maxEnrichedSize + RecordOverhead.ENRICHED_TRADE);
    }

    public Sink<RejectedRecord> deadLetters() {
        return sink(
                DEAD_LETTERS,
                config.topics().deadLetters(),
                new DeadLetterRecords(config.topics(), maxDeadLetterSize),
                maxDeadLetterSize);
    }

    private <T> Sink<T> sink(String role, String topic, KafkaRecordSerializationSchema<T> records, int maxRequestSize) {
        var sink = KafkaSink.<T>builder()
                .setKafkaProducerConfig(ClientProperties.producer(config, maxRequestSize))
                .setBootstrapServers(config.connection().bootstrapServers())
                .setRecordSerializer(records)
                .setDeliveryGuarantee(config.sink().delivery());
        if (!config.sink().isExactlyOnce()) {
            return sink.build();
        }
        // INCREMENTING uses each transactional id once. With POOLING, recovery fails at an epoch rollover, a change of
        // the parallelism leaves transactions open, and the outcome of a transaction cannot be looked up.
        sink.setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
                .setTransactionalIdPrefix(config.sink().transactionalIdPrefix() + role);
        return new GuardedSink<>(
                sink.build(),
                new TransactionGuard.Settings(topic, config.sink().acceptLossUntil(), RETRY_PAUSE),
                ClientProperties.common(config.connection()));
    }
}
