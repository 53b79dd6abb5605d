package io.tradeenrichment.kafka.client;

import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates Kafka clients; throws a {@link SettingsException} where their properties are not usable. */
public final class KafkaClients {
    private KafkaClients() {}

    static Admin admin(KafkaConnection connection) {
        Properties properties = ClientProperties.common(connection);
        String timeout = String.valueOf(connection.checkTimeout().toMillis());
        properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
        properties.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        return create(() -> Admin.create(properties));
    }

    /** A consumer without a group. It reads committed records, and fails where its offset is gone. */
    public static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection connection) {
        return create(() -> new KafkaConsumer<>(
                ClientProperties.consumer(connection), new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** An idempotent producer that waits for all in-sync replicas. */
    public static KafkaProducer<byte[], byte[]> producer(KafkaConnection connection) {
        return create(() -> new KafkaProducer<>(
                ClientProperties.producer(connection), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    private static <T> T create(Supplier<T> client) {
        try {
            return client.get();
        } catch (KafkaException e) {
            String key = KafkaOptions.BOOTSTRAP_SERVERS.key();
            throw new SettingsException(
                    key, key + " or " + KafkaOptions.CLIENT.key() + " cannot be used: " + causes(e));
        }
    }

    /** The two outermost causes, without the frame "Failed to create new KafkaAdminClient". */
    private static String causes(KafkaException e) {
        List<String> causes = new ArrayList<>();
        for (Throwable cause = e.getCause(); cause != null && causes.size() < 2; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            boolean wraps = cause.getCause() != null
                    && message.contains(String.valueOf(cause.getCause().getMessage()));
            if (!wraps && !message.startsWith("Failed to create new ")) {
                causes.add(message);
            }
        }
        return causes.isEmpty() ? Failures.rootCause(e) : String.join(": ", causes);
    }
}
