package io.tradeenrichment.cli.embedded;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys that only an embedded run has; {@link EmbeddedConfig} is what it reads. */
public final class EmbeddedOptions {
    public static final ConfigOption<Long> TRADES = key("embedded.trades")
            .longType()
            .defaultValue(1_000_000L)
            .withDescription("How many trade records are generated.");

    public static final ConfigOption<Long> RATE = key("embedded.rate")
            .longType()
            .defaultValue(0L)
            .withDescription("Trades per second over all subtasks; 0 is as fast as it goes.");

    public static final ConfigOption<Long> SEED = key("embedded.seed")
            .longType()
            .defaultValue(1L)
            .withDescription("What the generated records are drawn from: the same seed gives the same records.");

    public static final ConfigOption<Integer> INSTRUMENTS = key("embedded.instruments")
            .intType()
            .defaultValue(10_000)
            .withDescription("How many instruments the trades refer to.");

    public static final ConfigOption<Integer> USERS =
            key("embedded.users").intType().defaultValue(10_000).withDescription("How many users the trades refer to.");

    public static final ConfigOption<Double> LATE_SHARE = key("embedded.late-share")
            .doubleType()
            .defaultValue(0.001)
            .withDescription("Share of the instrument and user rows that arrive only after trades refer to them.");

    public static final ConfigOption<Double> DUPLICATE_SHARE = key("embedded.duplicate-share")
            .doubleType()
            .defaultValue(0.002)
            .withDescription("Share of the trade records that repeat an earlier one.");

    public static final ConfigOption<Double> MALFORMED_SHARE = key("embedded.malformed-share")
            .doubleType()
            .defaultValue(0.0005)
            .withDescription("Share of the trade records whose bytes are damaged.");

    public static final ConfigOption<String> OUTPUT = key("embedded.output")
            .stringType()
            .defaultValue("target/embedded")
            .withDescription("Folder for the Avro files that are written; each run makes a folder of its own in it.");

    public static final ConfigOption<Integer> PORT = key("embedded.port")
            .intType()
            .defaultValue(8081)
            .withDescription("Port of Flink's web UI; 0 takes any that is free.");

    public static final ConfigOption<Integer> PARALLELISM = key("embedded.parallelism")
            .intType()
            .noDefaultValue()
            .withDescription("How many subtasks work side by side; if it is not set, as many as there are cores.");

    public static final ConfigOption<StateBackend> STATE_BACKEND = key("embedded.state-backend")
            .enumType(StateBackend.class)
            .defaultValue(StateBackend.ROCKSDB)
            .withDescription("Where keyed state stands: in RocksDB, as on a cluster, or as objects on the heap.");

    public static final ConfigOption<Duration> CHECKPOINT_INTERVAL = key("embedded.checkpoint-interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(1))
            .withDescription("Time from one checkpoint to the next; files are complete up to the last one.");

    public static final ConfigOption<Integer> SAMPLES = key("embedded.samples")
            .intType()
            .defaultValue(5)
            .withDescription("How many enriched trades are shown in people's form at the end.");

    /** Where keyed state stands. */
    public enum StateBackend {
        ROCKSDB,
        HASHMAP
    }

    private EmbeddedOptions() {}

    /** The keys under the heading that people see. */
    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Embedded run", EmbeddedOptions.class));
    }
}
