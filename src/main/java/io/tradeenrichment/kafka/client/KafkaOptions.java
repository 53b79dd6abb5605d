package io.tradeenrichment.kafka.client;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;

/** The keys of the job's ends on Kafka; {@link KafkaConfig} is what is read. */
public final class KafkaOptions {
    public static final ConfigOption<String> BOOTSTRAP_SERVERS = key("kafka.bootstrap.servers")
            .stringType()
            .noDefaultValue()
            .withDescription("Where Kafka is: host:port of one broker or more, with commas between. Required.");

    public static final ConfigOption<Map<String, String>> CLIENT = key("kafka.client")
            .mapType()
            .defaultValue(Map.of())
            .withDescription(
                    "Any property of Kafka's own clients, such as kafka.client.security.protocol, handed on to "
                            + "every consumer, producer and admin client of the job. Those that the job's guarantees rest on, "
                            + "such as isolation.level, are refused.");

    public static final ConfigOption<String> TRADES_TOPIC = topic("trades", "The topic that trades are read from.");

    public static final ConfigOption<String> INSTRUMENTS_TOPIC =
            topic("instruments", "The topic that instruments are read from; compacted, the key is the instrument_id.");

    public static final ConfigOption<String> USERS_TOPIC =
            topic("users", "The topic that users are read from; compacted, the key is the user_id.");

    public static final ConfigOption<String> ENRICHED_TRADES_TOPIC =
            topic("enriched-trades", "The topic that enriched trades are written to; the key is the instrument_id.");

    public static final ConfigOption<String> DEAD_LETTERS_TOPIC =
            topic("dead-letters", "The topic for records that could not be enriched, written as they came.");

    public static final ConfigOption<Boolean> TOPICS_CREATE = key("kafka.topics.create")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether topics that are missing are created at start, with the broker's own numbers of "
                    + "partitions and replicas.");

    public static final ConfigOption<List<String>> TOPICS_ACCEPT_RECREATED = key("kafka.topics.accept-recreated")
            .stringType()
            .asList()
            .defaultValues()
            .withDescription("Ids of topics that were deleted and created again, and that the job shall go on with. A "
                    + "restored job whose topic has another id than before ends and says so, since its offsets are those "
                    + "of the old topic. With the new id here it reads trades from the new topic's beginning, and loads a "
                    + "dimension's rows anew.");

    public static final ConfigOption<String> GROUP_ID = key("kafka.group.id")
            .stringType()
            .defaultValue("trade-enrichment")
            .withDescription("The consumer group under which the job shows how far it has read. What it goes on from "
                    + "after a failure is in its checkpoints.");

    public static final ConfigOption<StartupMode> TRADES_START = key("kafka.trades.start")
            .enumType(StartupMode.class)
            .defaultValue(StartupMode.EARLIEST)
            .withDescription("Where trades are read from if the job starts without a savepoint: at their beginning, at "
                    + "their end, where the consumer group stopped, or at kafka.trades.start-timestamp.");

    public static final ConfigOption<String> TRADES_START_TIMESTAMP = key("kafka.trades.start-timestamp")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "With kafka.trades.start: timestamp, the time of the first record that is read, for example "
                            + "2026-11-02T09:30:00Z.");

    public static final ConfigOption<Duration> PARTITION_DISCOVERY_INTERVAL = key("kafka.partition-discovery.interval")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("How often the job looks for new partitions of its topics; 0 is never.");

    public static final ConfigOption<Duration> DIMENSIONS_LOAD_TIMEOUT = key("kafka.dimensions.load.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription(
                    "How long the instruments and users that stand at the first start may take to load, before "
                            + "the attempt is given up and begun anew.");

    public static final ConfigOption<Delivery> DELIVERY = key("kafka.delivery")
            .enumType(Delivery.class)
            .defaultValue(Delivery.EXACTLY_ONCE)
            .withDescription(
                    "Whether a failure may lead to repetitions in the output. Exactly-once output is seen when "
                            + "a checkpoint is complete, by consumers with isolation.level=read_committed.");

    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX = key("kafka.transactional-id-prefix")
            .stringType()
            .noDefaultValue()
            .withDescription("What the names of the job's transactions begin with, for example prod.trade-enrichment. "
                    + "with a dot at its end. Required for exactly-once; no other application of the Kafka cluster may "
                    + "use it, and it stays the same for the life of the job.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT = key("kafka.transaction.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(15))
            .withDescription("How long a transaction may stay open before the broker aborts it, and with it what a "
                    + "checkpoint has promised. At least the checkpoint interval and timeout together; at most the "
                    + "broker's transaction.max.timeout.ms.");

    public static final ConfigOption<Long> TRANSACTION_ACCEPT_LOSS_UNTIL = key("kafka.transaction.accept-loss-until")
            .longType()
            .defaultValue(0L)
            .withDescription("The number of the last checkpoint whose output may be lost. If Kafka has aborted a "
                    + "transaction that a checkpoint promised, the job fails and says how the output is won back; only "
                    + "someone who would rather go on without it sets this, once. 0 is none.");

    public static final ConfigOption<Duration> CHECK_TIMEOUT = key("kafka.check.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long the checks at start wait for Kafka's answers.");

    private KafkaOptions() {}

    /** The keys under the headings that people see. */
    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Kafka", KafkaOptions.class));
    }

    private static ConfigOption<String> topic(String role, String description) {
        return key("kafka.topics." + role).stringType().defaultValue(role).withDescription(description);
    }
}
