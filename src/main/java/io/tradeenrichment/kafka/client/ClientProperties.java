package io.tradeenrichment.kafka.client;

import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Properties of the job's Kafka clients: those that the user sets, then those that the job's guarantees require. */
public final class ClientProperties {
    private ClientProperties() {}

    /** The properties that all clients share; enough for an admin client. */
    public static Properties common(KafkaConnection connection) {
        Properties properties = new Properties();
        connection.client().forEach(properties::setProperty);
        properties.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrapServers());
        return properties;
    }

    /** Reads committed records only, and fails where an offset is gone. */
    public static Properties consumer(KafkaConnection connection) {
        Properties properties = common(connection);
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return properties;
    }

    /** Idempotent, and waits for all in-sync replicas. */
    static Properties producer(KafkaConnection connection) {
        Properties properties = common(connection);
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        return properties;
    }

    /**
     * Those of a producer in one of the job's sinks.
     *
     * @param maxRequestSize the size of the largest record, in bytes
     */
    public static Properties producer(KafkaConfig config, int maxRequestSize) {
        Properties properties = producer(config.connection());
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(config.sink().transactionTimeout().toMillis()));
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(maxRequestSize));
        return properties;
    }
}
