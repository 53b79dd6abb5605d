package io.tradeenrichment.kafka.client;

import io.tradeenrichment.config.DimensionConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /**
     * The job's topics. No two are the same, except those of dimensions.
     *
     * @param byDimension the topic of each dimension, in the order of the settings
     */
    public record Topics(
            String trades,
            Map<Dimension, String> byDimension,
            String enrichedTrades,
            String deadLetters,
            boolean create)
            implements Serializable {
        /**
         * The least {@code min.compaction.lag.ms} of a dimension topic. With a shorter one, compaction may remove a row
         * before the snapshot has read it.
         */
        public static final Duration MIN_COMPACTION_LAG = Duration.ofSeconds(60);

        private static final int MAX_LENGTH = 249;

        public Topics {
            byDimension = Collections.unmodifiableMap(new LinkedHashMap<>(byDimension));
        }

        /** @throws IllegalArgumentException for the feed of a dimension that the job does not have */
        public String of(Feed feed) {
            if (feed.equals(Feed.TRADES)) {
                return trades;
            }
            String topic = byDimension.get(feed.dimension());
            if (topic == null) {
                throw new IllegalArgumentException(feed + " is not a feed of the job");
            }
            return topic;
        }

        /** The dimensions in the order of the settings. */
        public List<Dimension> dimensions() {
            return List.copyOf(byDimension.keySet());
        }

        public String of(Dimension dimension) {
            return of(dimension.feed());
        }

        /** The key of a setting that names the topic: the first, if dimensions have the same topic. */
        public String keyOf(String topic) {
            return byKey().entrySet().stream()
                    .filter(named -> named.getValue().equals(topic))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(topic + " is not a topic of the job"))
                    .getKey();
        }

        /** The topics that the job reads, each once. */
        public Set<String> inputs() {
            return new LinkedHashSet<>(inputsByKey().values());
        }

        /** The topics that the job reads, each under the key of its setting. */
        public Map<String, String> inputsByKey() {
            Map<String, String> inputs = new LinkedHashMap<>();
            inputs.put(KafkaOptions.TRADES_TOPIC.key(), trades);
            byDimension.forEach((dimension, topic) -> inputs.put(
                    KafkaOptions.DIMENSION_TOPICS.of(dimension.name()).key(), topic));
            return inputs;
        }

        /** Every topic under the key of its setting. */
        public Map<String, String> byKey() {
            Map<String, String> topics = inputsByKey();
            topics.put(KafkaOptions.ENRICHED_TRADES_TOPIC.key(), enrichedTrades);
            topics.put(KafkaOptions.DEAD_LETTERS_TOPIC.key(), deadLetters);
            return topics;
        }

        static Topics from(CheckedConfiguration checked) {
            Map<Dimension, String> dimensions = new LinkedHashMap<>();
            for (Dimension dimension : DimensionConfig.dimensions(checked)) {
                dimensions.put(dimension, checked.get(KafkaOptions.DIMENSION_TOPICS.of(dimension.name())));
            }
            Topics topics = new Topics(
                    checked.get(KafkaOptions.TRADES_TOPIC),
                    dimensions,
                    checked.get(KafkaOptions.ENRICHED_TRADES_TOPIC),
                    checked.get(KafkaOptions.DEAD_LETTERS_TOPIC),
                    checked.get(KafkaOptions.TOPICS_CREATE));
            topics.check();
            return topics;
        }

        private void check() {
            Map<String, String> keys = new TreeMap<>();
            byKey().forEach((key, topic) -> {
                if (!topic.matches("[a-zA-Z0-9._-]{1," + MAX_LENGTH + "}") || topic.matches("\\.{1,2}")) {
                    throw new SettingsException(
                            key,
                            key + " is '" + topic + "', but a topic name consists of at most " + MAX_LENGTH
                                    + " letters, digits, dots, hyphens and underscores");
                }
                String other = keys.putIfAbsent(topic, key);
                if (other != null && !(isOfDimension(key) && isOfDimension(other))) {
                    throw new SettingsException(
                            key, key + " is " + topic + ", as is " + other + "; each needs a topic of its own");
                }
            });
        }

        private boolean isOfDimension(String key) {
            return byDimension.keySet().stream()
                    .anyMatch(dimension -> KafkaOptions.DIMENSION_TOPICS
                            .of(dimension.name())
                            .key()
                            .equals(key));
        }
    }
}
