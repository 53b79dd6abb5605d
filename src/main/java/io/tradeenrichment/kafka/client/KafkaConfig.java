package io.tradeenrichment.kafka.client;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The job's Kafka settings, checked as far as is possible without a connection. */
public record KafkaConfig(KafkaConnection connection, SourceConfig source, SinkConfig sink) implements Serializable {

    /** @throws SettingsException if a value, or a combination of values, is not usable */
    public static KafkaConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return new KafkaConfig(KafkaConnection.from(checked), SourceConfig.from(checked), SinkConfig.from(checked));
    }

    public Topics topics() {
        return connection.topics();
    }

    /** @param what the user has to set, for the message */
    static String required(CheckedConfiguration checked, ConfigOption<String> option, String what) {
        boolean hasValue = checked.isSet(option) || option.hasDefaultValue();
        if (!hasValue || checked.get(option).isBlank()) {
            throw new SettingsException(option.key(), option.key() + " is not set; give " + what);
        }
        return checked.get(option).strip();
    }

    /** The job's five topics; no two are the same. */
    public record Topics(
            String trades, String instruments, String users, String enrichedTrades, String deadLetters, boolean create)
            implements Serializable {
        /**
         * The least {@code min.compaction.lag.ms} of a dimension topic. With a shorter one, compaction may remove a row
         * before the snapshot has read it.
         */
        public static final Duration MIN_COMPACTION_LAG = Duration.ofSeconds(60);

        private static final int MAX_LENGTH = 249;

        public String of(Feed feed) {
            return switch (feed.title()) {
                case "trades" -> trades;
                case "instruments" -> instruments;
                case "users" -> users;
                default -> throw new IllegalArgumentException("no such feed: " + feed);
            };
        }

        /** The dimensions in the order of the settings. */
        public List<Dimension> dimensions() {
            return Dimension.BUNDLED;
        }

        public String of(Dimension dimension) {
            return of(dimension.feed());
        }

        /** The key of the setting that names the topic. */
        public String keyOf(String topic) {
            return byKey().entrySet().stream()
                    .filter(named -> named.getValue().equals(topic))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(topic + " is not a topic of the job"))
                    .getKey();
        }

        /** The three topics that the job reads, each under the key of its setting. */
        public Map<String, String> inputsByKey() {
            Map<String, String> inputs = byKey();
            inputs.values().retainAll(List.of(trades, instruments, users));
            return inputs;
        }

        /** Every topic under the key of its setting. */
        public Map<String, String> byKey() {
            Map<String, String> topics = new LinkedHashMap<>();
            topics.put(KafkaOptions.TRADES_TOPIC.key(), trades);
            topics.put(KafkaOptions.INSTRUMENTS_TOPIC.key(), instruments);
            topics.put(KafkaOptions.USERS_TOPIC.key(), users);
            topics.put(KafkaOptions.ENRICHED_TRADES_TOPIC.key(), enrichedTrades);
            topics.put(KafkaOptions.DEAD_LETTERS_TOPIC.key(), deadLetters);
            return topics;
        }

        static Topics from(CheckedConfiguration checked) {
            Topics topics = new Topics(
                    checked.get(KafkaOptions.TRADES_TOPIC),
                    checked.get(KafkaOptions.INSTRUMENTS_TOPIC),
                    checked.get(KafkaOptions.USERS_TOPIC),
                    checked.get(KafkaOptions.ENRICHED_TRADES_TOPIC),
                    checked.get(KafkaOptions.DEAD_LETTERS_TOPIC),
                    checked.get(KafkaOptions.TOPICS_CREATE));
            Map<String, String> keys = new TreeMap<>();
            topics.byKey().forEach((key, topic) -> {
                if (!topic.matches("[a-zA-Z0-9._-]{1," + MAX_LENGTH + "}") || topic.matches("\\.{1,2}")) {
                    throw new SettingsException(
                            key,
                            key + " is '" + topic + "', but a topic name consists of at most " + MAX_LENGTH
                                    + " letters, digits, dots, hyphens and underscores");
                }
                String other = keys.put(topic, key);
                if (other != null) {
                    throw new SettingsException(
                            key, key + " is " + topic + ", as is " + other + "; each needs a topic of its own");
                }
            });
            return topics;
        }
    }
}
