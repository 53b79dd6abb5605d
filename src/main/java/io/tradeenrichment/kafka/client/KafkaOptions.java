package io.tradeenrichment.kafka.client;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;

/** The keys of the Kafka sources and sinks; {@link KafkaConfig} holds their values. */
public final class KafkaOptions {
    public static final ConfigOption<String> BOOTSTRAP_SERVERS = key("kafka.bootstrap.servers")
            .stringType()
            .noDefaultValue()
            .withDescription("The Kafka brokers to connect to first: one or more host:port, separated by commas. "
                    + "Required.");

    public static final ConfigOption<Map<String, String>> CLIENT = key("kafka.client")
            .mapType()
            .defaultValue(Map.of())
            .withDescription("Any property of Kafka's clients, such as kafka.client.security.protocol, for every "
                    + "consumer, producer and admin client of the job. Properties that the job's guarantees depend "
                    + "on, such as isolation.level, are rejected.");

    public static final ConfigOption<String> TRADES_TOPIC = topic("trades", "The topic of the trades.");

    public static final ConfigOption<String> INSTRUMENTS_TOPIC =
            topic("instruments", "The topic of the instruments, compacted. The key is the instrument_id.");

    public static final ConfigOption<String> USERS_TOPIC =
            topic("users", "The topic of the users, compacted. The key is the user_id.");

    public static final ConfigOption<String> ENRICHED_TRADES_TOPIC =
            topic("enriched-trades", "The topic that enriched trades are written to. The key is the instrument_id.");

    public static final ConfigOption<String> DEAD_LETTERS_TOPIC =
            topic("dead-letters", "The topic for records that cannot be enriched, with their original bytes.");

    public static final ConfigOption<Boolean> TOPICS_CREATE = key("kafka.topics.create")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether the job creates missing topics at start, with the broker's default numbers of "
                    + "partitions and replicas.");

    public static final ConfigOption<List<String>> TOPICS_ACCEPT_RECREATED = key("kafka.topics.accept-recreated")
            .stringType()
            .asList()
            .defaultValues()
            .withDescription("Ids of topics that were deleted and created again, and that the job accepts. A "
                    + "restored job fails if its topic has another id than before, because its offsets belong to "
                    + "the old topic. With the new id in this list, the job reads trades from the beginning of the "
                    + "new topic, and reloads the rows of a dimension.");

    public static final ConfigOption<String> GROUP_ID = key("kafka.group.id")
            .stringType()
            .defaultValue("trade-enrichment")
            .withDescription("The consumer group to which the job commits its progress. After a failure the job "
                    + "continues from the offsets in its checkpoints, not from those of the group.");

    public static final ConfigOption<StartupMode> TRADES_START = key("kafka.trades.start")
            .enumType(StartupMode.class)
            .defaultValue(StartupMode.EARLIEST)
            .withDescription("Where the job starts to read trades without a savepoint: at the beginning (earliest), "
                    + "at the end (latest), at the committed offsets of the consumer group (committed), or at "
                    + "kafka.trades.start-timestamp (timestamp).");

    public static final ConfigOption<String> TRADES_START_TIMESTAMP = key("kafka.trades.start-timestamp")
            .stringType()
            .noDefaultValue()
            .withDescription("With kafka.trades.start: timestamp, the timestamp of the first record to read, for "
                    + "example 2026-11-02T09:30:00Z.");

    public static final ConfigOption<Duration> PARTITION_DISCOVERY_INTERVAL = key("kafka.partition-discovery.interval")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("How often the job looks for new partitions of its topics. 0 turns this off.");

    public static final ConfigOption<Duration> DIMENSIONS_LOAD_TIMEOUT = key("kafka.dimensions.load.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("The longest time for loading the initial snapshot of instruments and users. After it, "
                    + "the attempt fails and the load starts again.");

    public static final ConfigOption<Delivery> DELIVERY = key("kafka.delivery")
            .enumType(Delivery.class)
            .defaultValue(Delivery.EXACTLY_ONCE)
            .withDescription("Whether a failure may repeat records in the output. With exactly-once, consumers with "
                    + "isolation.level=read_committed see the output after each checkpoint.");

    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX = key("kafka.transactional-id-prefix")
            .stringType()
            .noDefaultValue()
            .withDescription("The prefix of the job's transactional ids, with a delimiter at its end, for example "
                    + "prod.trade-enrichment. with a dot. Required for exactly-once. No other application on this "
                    + "Kafka may use the prefix, and it must not change as long as the job exists.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT = key("kafka.transaction.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(15))
            .withDescription("How long a transaction may stay open before the broker aborts it. An abort after the "
                    + "checkpoint is complete loses its output. The timeout must be at least the checkpoint interval plus the "
                    + "checkpoint timeout, and at most the broker's transaction.max.timeout.ms.");

    public static final ConfigOption<Long> TRANSACTION_ACCEPT_LOSS_UNTIL = key("kafka.transaction.accept-loss-until")
            .longType()
            .defaultValue(0L)
            .withDescription("The id of the last checkpoint whose output may be lost. If Kafka has aborted a "
                    + "transaction of a completed checkpoint, the job fails with instructions to recover the "
                    + "output. Set this key, for one start, only to continue without that output. 0 accepts no "
                    + "loss.");

    public static final ConfigOption<Duration> CHECK_TIMEOUT = key("kafka.check.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long the checks at start wait for Kafka's answers.");

    private KafkaOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Kafka", KafkaOptions.class));
    }

    private static ConfigOption<String> topic(String role, String description) {
        return key("kafka.topics." + role).stringType().defaultValue(role).withDescription(description);
    }
}
