package io.tradeenrichment.kafka.client;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.settings.Excluding;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.OptionPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** The options of the job's Kafka connectors; {@link KafkaConfig} reads them. */
public final class KafkaOptions {
    public static final ConfigOption<String> BOOTSTRAP_SERVERS = key("kafka.bootstrap.servers")
            .stringType()
            .noDefaultValue()
            .withDescription("The host:port of one or more Kafka brokers, separated by commas. Required.");

    public static final ConfigOption<Map<String, String>> CLIENT = key("kafka.client")
            .mapType()
            .defaultValue(Map.of())
            .withDescription("Any property of the Kafka clients, such as kafka.client.security.protocol. Applies to "
                    + "every consumer, producer and admin client of the job. Properties that the job's guarantees "
                    + "depend on, such as isolation.level, cannot be set.");

    public static final ConfigOption<String> TRADES_TOPIC = topic("trades", "The topic with the trades.");

    public static final OptionPattern<String> DIMENSION_TOPICS = OptionPattern.of(
            "kafka.topics.NAMEs",
            JobOptions.DIMENSIONS_NAMES,
            (option, name) -> option.stringType()
                    .defaultValue(name + "s")
                    .withDescription("The topic with the rows of the dimension. It must be compacted; the record key "
                            + "is the id. Two dimensions may have the same topic."));

    public static final ConfigOption<String> ENRICHED_TRADES_TOPIC =
            topic("enriched-trades", "The topic for enriched trades; the record key is the id of the first dimension.");

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
            .withDescription("Ids of recreated topics that a restored job may read. If a topic was deleted and created "
                    + "again, the saved offsets belong to the old topic, and a restored job fails with the id of the new "
                    + "one. With that id here, it reads trades from the beginning of the new topic, and loads the rows of "
                    + "a dimension again.");

    public static final ConfigOption<String> GROUP_ID = key("kafka.group.id")
            .stringType()
            .defaultValue("trade-enrichment")
            .withDescription("The consumer group for which the job commits its offsets, so that lag can be monitored. "
                    + "After a failure, the job continues from the offsets in its checkpoints.");

    public static final ConfigOption<StartupMode> TRADES_START = key("kafka.trades.start")
            .enumType(StartupMode.class)
            .defaultValue(StartupMode.EARLIEST)
            .withDescription(
                    "Where the source of trades starts if the job starts without a savepoint: at the beginning "
                            + "or the end of the topic, at the committed offsets of the consumer group, or at "
                            + "kafka.trades.start-timestamp.");

    public static final ConfigOption<String> TRADES_START_TIMESTAMP = key("kafka.trades.start-timestamp")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "With kafka.trades.start: timestamp, the timestamp of the first record to read, for example "
                            + "2026-11-02T09:30:00Z.");

    public static final ConfigOption<Duration> PARTITION_DISCOVERY_INTERVAL = key("kafka.partition-discovery.interval")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("How often the sources look for new partitions; 0 turns the discovery off.");

    public static final ConfigOption<Duration> DIMENSIONS_LOAD_TIMEOUT = key("kafka.dimensions.load.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("How long the initial load of the dimensions may take. After that the task "
                    + "fails, and the load starts again.");

    @Excluding("NONE")
    public static final ConfigOption<DeliveryGuarantee> DELIVERY = key("kafka.delivery")
            .enumType(DeliveryGuarantee.class)
            .defaultValue(DeliveryGuarantee.EXACTLY_ONCE)
            .withDescription("The delivery guarantee of the sinks. With exactly-once, consumers with "
                    + "isolation.level=read_committed see output when its checkpoint completes. With at-least-once, they "
                    + "see it immediately, and a failure may repeat output.");

    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX = key("kafka.transactional-id-prefix")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "The prefix of the job's transactional ids, for example prod.trade-enrichment. with a dot at "
                            + "its end. Required for exactly-once. No other application of the Kafka cluster may use it, and it "
                            + "must stay the same for the life of the job.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT = key("kafka.transaction.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(15))
            .withDescription("How long a transaction may stay open before the broker aborts it; the output of its "
                    + "checkpoint is then lost. At least the checkpoint interval plus the checkpoint timeout; at most the "
                    + "broker's transaction.max.timeout.ms.");

    public static final ConfigOption<Long> TRANSACTION_ACCEPT_LOSS_UNTIL = key("kafka.transaction.accept-loss-until")
            .longType()
            .defaultValue(0L)
            .withDescription("The number of the last checkpoint whose output may be lost; 0 is none. If Kafka aborts a "
                    + "transaction of a completed checkpoint, the job fails with instructions for recovering the output. "
                    + "Set this only to continue without that output, and remove it afterwards.");

    public static final ConfigOption<Duration> CHECK_TIMEOUT = key("kafka.check.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long the checks at start wait for an answer from Kafka.");

    private KafkaOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Kafka", KafkaOptions.class));
    }

    private static ConfigOption<String> topic(String role, String description) {
        return key("kafka.topics." + role).stringType().defaultValue(role).withDescription(description);
    }
}
