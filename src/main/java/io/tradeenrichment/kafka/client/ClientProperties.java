package io.tradeenrichment.kafka.client;

import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The properties of the job's Kafka clients: what the user gave, then what the guarantees rest on. */
public final class ClientProperties {
    private ClientProperties() {}

    /** Of every client. */
    public static Properties any(KafkaConnection access) {
        Properties properties = new Properties();
        access.client().forEach(properties::setProperty);
        properties.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, access.bootstrapServers());
        return properties;
    }

    /** Sees committed records only, and never jumps if an offset is gone. */
    public static Properties consumer(KafkaConnection access) {
        Properties properties = any(access);
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return properties;
    }

    /** Writes once what it is told once, and takes it for written when all replicas in sync have it. */
    static Properties producer(KafkaConnection access) {
        Properties properties = any(access);
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        return properties;
    }

    /**
     * The same for a sink of the job.
     *
     * @param maxRequestSize the largest record, in bytes
     */
    public static Properties producer(KafkaConfig config, int maxRequestSize) {
        Properties properties = producer(config.access());
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(config.writing().transactionTimeout().toMillis()));
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(maxRequestSize));
        return properties;
    }
}
