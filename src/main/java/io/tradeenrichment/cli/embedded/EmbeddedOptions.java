package io.tradeenrichment.cli.embedded;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys of the embedded run; {@link EmbeddedConfig} holds their values. */
public final class EmbeddedOptions {
    public static final ConfigOption<Long> TRADES = key("embedded.trades")
            .longType()
            .defaultValue(1_000_000L)
            .withDescription("The number of generated trade records.");

    public static final ConfigOption<Long> RATE = key("embedded.rate")
            .longType()
            .defaultValue(0L)
            .withDescription("Trades per second over all subtasks. 0 generates as fast as possible.");

    public static final ConfigOption<Long> SEED = key("embedded.seed")
            .longType()
            .defaultValue(1L)
            .withDescription("The seed of the generated records. The same seed generates the same records.");

    public static final ConfigOption<Integer> INSTRUMENTS = key("embedded.instruments")
            .intType()
            .defaultValue(10_000)
            .withDescription("The number of instruments that trades refer to.");

    public static final ConfigOption<Integer> USERS = key("embedded.users")
            .intType()
            .defaultValue(10_000)
            .withDescription("The number of users that trades refer to, and of the rows of each dimension other than "
                    + "instrument.");

    public static final ConfigOption<Double> LATE_SHARE = key("embedded.late-share")
            .doubleType()
            .defaultValue(0.001)
            .withDescription("The fraction of instrument and user rows that arrive after the first trade that "
                    + "refers to them.");

    public static final ConfigOption<Double> DUPLICATE_SHARE = key("embedded.duplicate-share")
            .doubleType()
            .defaultValue(0.002)
            .withDescription("The fraction of trade records that repeat an earlier one.");

    public static final ConfigOption<Double> MALFORMED_SHARE = key("embedded.malformed-share")
            .doubleType()
            .defaultValue(0.0005)
            .withDescription("The fraction of trade records with corrupt bytes.");

    public static final ConfigOption<String> OUTPUT = key("embedded.output")
            .stringType()
            .defaultValue("target/embedded")
            .withDescription("The folder for the Avro files. Each run creates its own folder in it.");

    public static final ConfigOption<Integer> PORT = key("embedded.port")
            .intType()
            .defaultValue(8081)
            .withDescription("The port of Flink's web UI. 0 selects a free port.");

    public static final ConfigOption<Integer> PARALLELISM = key("embedded.parallelism")
            .intType()
            .noDefaultValue()
            .withDescription("The number of parallel subtasks. By default the number of CPU cores.");

    public static final ConfigOption<StateBackend> STATE_BACKEND = key("embedded.state-backend")
            .enumType(StateBackend.class)
            .defaultValue(StateBackend.ROCKSDB)
            .withDescription(
                    "The state backend: RocksDB (rocksdb), as on a cluster, or objects on the heap (hashmap).");

    public static final ConfigOption<Duration> CHECKPOINT_INTERVAL = key("embedded.checkpoint-interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(1))
            .withDescription("The checkpoint interval. The output files are complete up to the last checkpoint.");

    public static final ConfigOption<Integer> SAMPLES = key("embedded.samples")
            .intType()
            .defaultValue(5)
            .withDescription("The number of enriched trades that are printed as text at the end.");

    public enum StateBackend {
        ROCKSDB,
        HASHMAP
    }

    private EmbeddedOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Embedded run", EmbeddedOptions.class));
    }
}
