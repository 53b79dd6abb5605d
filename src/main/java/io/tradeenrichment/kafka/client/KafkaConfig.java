package io.tradeenrichment.kafka.client;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All that the job's ends on Kafka are told, complete and checked as far as it can be without asking Kafka.
 *
 * @param client properties of every Kafka client, as the user gave them
 */
public record KafkaConfig(
        String bootstrapServers, Map<String, String> client, Topics topics, Reading reading, Writing writing)
        implements Serializable {

    /** Properties that the job's guarantees rest on, each with what to do instead of setting it. */
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "use " + KafkaOptions.BOOTSTRAP_SERVERS.key()),
            Map.entry(CommonClientConfigs.GROUP_ID_CONFIG, "use " + KafkaOptions.GROUP_ID.key()),
            Map.entry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "use " + KafkaOptions.TRANSACTION_TIMEOUT.key()),
            Map.entry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "use " + KafkaOptions.TRANSACTIONAL_ID_PREFIX.key()),
            Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "use " + JobOptions.WIRE_ENRICHED_MAX_SIZE.key()),
            Map.entry("partition.discovery.interval.ms", "use " + KafkaOptions.PARTITION_DISCOVERY_INTERVAL.key()),
            Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "the job reads committed records only"),
            Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "an offset that is gone stops the job"),
            Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "offsets are committed with checkpoints"),
            Map.entry(ProducerConfig.ACKS_CONFIG, "the job waits for all replicas that are in sync"),
            Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "the job's producers are always idempotent"),
            Map.entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "the job takes bytes as they are"),
            Map.entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "the job takes bytes as they are"),
            Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "the job writes bytes as they are"),
            Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "the job writes bytes as they are"));

    public KafkaConfig {
        client = Map.copyOf(client);
    }

    /** @throws SettingsException if a value, or two together, cannot be used */
    public static KafkaConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return new KafkaConfig(
                bootstrapServers(checked),
                client(checked),
                Topics.from(checked),
                Reading.from(checked),
                Writing.from(checked));
    }

    /** How Kafka is reached. */
    public KafkaConnection access() {
        return new KafkaConnection(bootstrapServers, client, topics, reading.checkTimeout());
    }

    static String bootstrapServers(CheckedConfiguration checked) {
        return required(checked, KafkaOptions.BOOTSTRAP_SERVERS, "Kafka's host:port");
    }

    static Map<String, String> client(CheckedConfiguration checked) {
        Map<String, String> client = checked.get(KafkaOptions.CLIENT);
        // In order, so that of two refusals it is always the same one.
        new TreeMap<>(client).forEach((name, value) -> {
            String instead = OWN.get(name);
            if (instead != null) {
                String key = KafkaOptions.CLIENT.key() + "." + name;
                throw new SettingsException(key, key + " cannot be set: " + instead);
            }
        });
        return client;
    }

    private static String required(CheckedConfiguration checked, ConfigOption<String> option, String what) {
        boolean given = checked.isSet(option) || option.hasDefaultValue();
        if (!given || checked.get(option).isBlank()) {
            throw new SettingsException(option.key(), option.key() + " is not set; give " + what);
        }
        return checked.get(option).strip();
    }

    /** Without what the user gave for the clients: there are passwords in it. */
    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + ", " + topics + ", " + reading + ", " + writing + "]";
    }

    /** The five topics by their roles, all of them different. */
    public record Topics(
            String trades, String instruments, String users, String enrichedTrades, String deadLetters, boolean create)
            implements Serializable {

        private static final int LONGEST = 249;

        public String of(Feed feed) {
            return switch (feed) {
                case TRADES -> trades;
                case INSTRUMENTS -> instruments;
                case USERS -> users;
            };
        }

        /** The key that names the topic of a feed. */
        public String keyOf(Feed feed) {
            return switch (feed) {
                case TRADES -> KafkaOptions.TRADES_TOPIC.key();
                case INSTRUMENTS -> KafkaOptions.INSTRUMENTS_TOPIC.key();
                case USERS -> KafkaOptions.USERS_TOPIC.key();
            };
        }

        public String of(Dimension dimension) {
            return of(dimension.feed());
        }

        /** The three that the job reads, each under the key that named it. */
        public Map<String, String> inputsByKey() {
            Map<String, String> inputs = byKey();
            inputs.values().retainAll(List.of(trades, instruments, users));
            return inputs;
        }

        /** Every topic under the key that named it. */
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
                if (!topic.matches("[a-zA-Z0-9._-]{1," + LONGEST + "}") || topic.matches("\\.{1,2}")) {
                    throw new SettingsException(
                            key,
                            key + " is '" + topic + "', but a topic's name has letters, digits, dots, hyphens and"
                                    + " underscores, at most " + LONGEST);
                }
                String other = keys.put(topic, key);
                if (other != null) {
                    throw new SettingsException(
                            key, key + " is " + topic + ", as is " + other + "; each role needs a topic of its own");
                }
            });
            return topics;
        }
    }

    /**
     * How feeds are read.
     *
     * @param startTimestamp milliseconds since 1970; null unless the start is {@link StartupMode#TIMESTAMP}
     * @param partitionDiscovery zero if new partitions are not looked for
     * @param acceptRecreated ids of topics that may take the place of topics with other ids
     */
    public record Reading(
            String groupId,
            StartupMode start,
            @Nullable Long startTimestamp,
            Duration partitionDiscovery,
            Duration loadTimeout,
            Duration checkTimeout,
            Set<String> acceptRecreated)
            implements Serializable {

        private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

        private static Reading from(CheckedConfiguration checked) {
            StartupMode start = checked.get(KafkaOptions.TRADES_START);
            return new Reading(
                    required(checked, KafkaOptions.GROUP_ID, "the consumer group's name"),
                    start,
                    start == StartupMode.TIMESTAMP ? startTimestamp(checked) : null,
                    checked.duration(KafkaOptions.PARTITION_DISCOVERY_INTERVAL),
                    checked.durationOfAtLeast(SHORTEST_WAIT, KafkaOptions.DIMENSIONS_LOAD_TIMEOUT),
                    checkTimeout(checked),
                    acceptRecreated(checked));
        }

        private static Set<String> acceptRecreated(CheckedConfiguration checked) {
            Set<String> ids = new TreeSet<>();
            for (String id : checked.get(KafkaOptions.TOPICS_ACCEPT_RECREATED)) {
                try {
                    ids.add(Uuid.fromString(id.strip()).toString());
                } catch (IllegalArgumentException e) {
                    String key = KafkaOptions.TOPICS_ACCEPT_RECREATED.key();
                    throw new SettingsException(
                            key,
                            key + " has '" + id + "', which is no id of a topic; kafka-topics.sh --describe shows it as"
                                    + " TopicId, and so does the error that asks for it");
                }
            }
            return Set.copyOf(ids);
        }

        static Duration checkTimeout(CheckedConfiguration checked) {
            return checked.durationOfAtLeast(SHORTEST_WAIT, KafkaOptions.CHECK_TIMEOUT);
        }

        private static long startTimestamp(CheckedConfiguration checked) {
            ConfigOption<String> option = KafkaOptions.TRADES_START_TIMESTAMP;
            String text = required(checked, option, "the time at which to start, for example 2026-11-02T09:30:00Z");
            try {
                return Instant.parse(text).toEpochMilli();
            } catch (DateTimeParseException | ArithmeticException e) {
                throw new SettingsException(
                        option.key(),
                        option.key() + " is '" + text + "', which is no time such as 2026-11-02T09:30:00Z");
            }
        }
    }

    /**
     * How the output is written.
     *
     * @param transactionalIdPrefix what the names of all transactions of the job begin with; empty if there are none
     * @param acceptLossUntil the last checkpoint whose transactions may be lost; 0 if none may
     */
    public record Writing(
            Delivery delivery, String transactionalIdPrefix, Duration transactionTimeout, long acceptLossUntil)
            implements Serializable {

        private static final Duration SHORTEST_TRANSACTION = Duration.ofSeconds(1);
        private static final int LONGEST_PREFIX = 200;

        private static Writing from(CheckedConfiguration checked) {
            Delivery delivery = checked.get(KafkaOptions.DELIVERY);
            Duration timeout = checked.durationOfAtLeast(SHORTEST_TRANSACTION, KafkaOptions.TRANSACTION_TIMEOUT);
            if (timeout.toMillis() > Integer.MAX_VALUE) {
                String key = KafkaOptions.TRANSACTION_TIMEOUT.key();
                throw new SettingsException(key, key + " is longer than Kafka can count; give at most 24 d");
            }
            return new Writing(
                    delivery,
                    delivery == Delivery.EXACTLY_ONCE ? prefix(checked) : "",
                    timeout,
                    checked.atLeast(0, KafkaOptions.TRANSACTION_ACCEPT_LOSS_UNTIL));
        }

        /** A delimiter at its end keeps it from being the beginning of another application's prefix. */
        private static String prefix(CheckedConfiguration checked) {
            ConfigOption<String> option = KafkaOptions.TRANSACTIONAL_ID_PREFIX;
            String prefix = required(
                    checked,
                    option,
                    "a name that no other application of this Kafka cluster uses, such as prod.trade-enrichment., or set "
                            + KafkaOptions.DELIVERY.key() + " to at-least-once");
            if (!prefix.matches("[a-zA-Z0-9._:/-]{1," + (LONGEST_PREFIX - 1) + "}(?<=[a-zA-Z0-9])[._:/-]")) {
                throw new SettingsException(
                        option.key(),
                        option.key() + " is '" + prefix
                                + "', but must be letters, digits and . _ : / - with one of these"
                                + " marks at its end, so that it is not the beginning of another application's prefix;"
                                + " for example prod.trade-enrichment.");
            }
            return prefix;
        }
    }
}
