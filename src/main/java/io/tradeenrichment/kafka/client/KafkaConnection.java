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
 * The brokers, the client properties and the topics: what the job and the commands have in common.
 *
 * @param client properties of every Kafka client, as the user sets them
 * @param checkTimeout how long the checks at start wait for an answer
 */
public record KafkaConnection(
        String bootstrapServers, Map<String, String> client, KafkaConfig.Topics topics, Duration checkTimeout)
        implements Serializable {
    private static final String[] KEYS = {"kafka.bootstrap.", "kafka.client", "kafka.topics.", "kafka.check."};
    private static final Duration MIN_CHECK_TIMEOUT = Duration.ofSeconds(1);

    public KafkaConnection {
        client = Map.copyOf(client);
    }

    /** @throws SettingsException if a value is not usable */
    public static KafkaConnection from(Configuration configuration) {
        return from(new CheckedConfiguration(configuration));
    }

    static KafkaConnection from(CheckedConfiguration checked) {
        String servers = KafkaConfig.required(checked, KafkaOptions.BOOTSTRAP_SERVERS, "Kafka's host:port");
        Map<String, String> client = checked.get(KafkaOptions.CLIENT);
        ReservedProperties.requireNoneIn(client);
        return new KafkaConnection(
                servers,
                client,
                KafkaConfig.Topics.from(checked),
                checked.durationOfAtLeast(MIN_CHECK_TIMEOUT, KafkaOptions.CHECK_TIMEOUT));
    }

    /** The options for a command that reads the connection alone; it accepts the job's other keys and ignores them. */
    public static List<OptionGroup> groups() {
        return KafkaOptions.groups().stream().map(group -> group.showing(KEYS)).toList();
    }

    /** Without the client properties, which contain passwords. */
    @Override
    public String toString() {
        return "KafkaConnection[" + bootstrapServers + ", " + topics + ", " + checkTimeout + "]";
    }
}
