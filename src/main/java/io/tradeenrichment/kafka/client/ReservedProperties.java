package io.tradeenrichment.kafka.client;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.settings.SettingsException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Client properties that the job sets itself, because its guarantees depend on them. */
final class ReservedProperties {
    /** By name, the key to use instead, or the reason. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "use " + KafkaOptions.BOOTSTRAP_SERVERS.key()),
            Map.entry(CommonClientConfigs.GROUP_ID_CONFIG, "use " + KafkaOptions.GROUP_ID.key()),
            Map.entry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "use " + KafkaOptions.TRANSACTION_TIMEOUT.key()),
            Map.entry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "use " + KafkaOptions.TRANSACTIONAL_ID_PREFIX.key()),
            Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "use " + JobOptions.WIRE_ENRICHED_MAX_SIZE.key()),
            Map.entry("partition.discovery.interval.ms", "use " + KafkaOptions.PARTITION_DISCOVERY_INTERVAL.key()),
            Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "the job reads committed records only"),
            Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "the job fails where an offset is gone"),
            Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "the job commits offsets with its checkpoints"),
            Map.entry(ProducerConfig.ACKS_CONFIG, "the job waits for all in-sync replicas"),
            Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "the job's producers are always idempotent"),
            Map.entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "the job reads keys as bytes"),
            Map.entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "the job reads values as bytes"),
            Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "the job writes keys as bytes"),
            Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "the job writes values as bytes"));

    private ReservedProperties() {}

    /** @throws SettingsException if one of the client properties is reserved */
    static void requireNoneIn(Map<String, String> client) {
        // Sorted, so that the message is the same at every start.
        new TreeMap<>(client).forEach((name, value) -> {
            String reason = REASONS.get(name);
            if (reason != null) {
                String key = KafkaOptions.CLIENT.key() + "." + name;
                throw new SettingsException(key, key + " cannot be set: " + reason);
            }
        });
    }
}
