package io.tradeenrichment.kafka.client;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/**
 * How Kafka is reached, and by which names the topics go: what every program needs that has to do with them.
 *
 * @param client properties of every Kafka client, as the user gave them
 */
public record KafkaConnection(
        String bootstrapServers, Map<String, String> client, KafkaConfig.Topics topics, Duration checkTimeout)
        implements Serializable {
    private static final String[] KEYS = {"kafka.bootstrap.", "kafka.client", "kafka.topics.", "kafka.check."};

    public KafkaConnection {
        client = Map.copyOf(client);
    }

    /** @throws SettingsException if a value, or two together, cannot be used */
    public static KafkaConnection from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return new KafkaConnection(
                KafkaConfig.bootstrapServers(checked),
                KafkaConfig.client(checked),
                KafkaConfig.Topics.from(checked),
                KafkaConfig.Reading.checkTimeout(checked));
    }

    /** The keys of Kafka for a command that uses only the connection; the others are hidden. */
    public static List<OptionGroup> groups() {
        return KafkaOptions.groups().stream().map(group -> group.showing(KEYS)).toList();
    }

    /** Without what the user gave for the clients: there are passwords in it. */
    @Override
    public String toString() {
        return "KafkaAccess[" + bootstrapServers + ", " + topics + "]";
    }
}
