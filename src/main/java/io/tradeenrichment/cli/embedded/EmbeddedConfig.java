package io.tradeenrichment.cli.embedded;

import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.config.DimensionConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.config.SchemaSource;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The settings of an embedded run beside those of the job, complete and checked. */
public record EmbeddedConfig(Workload workload, Run run) implements Serializable {
    // Flink's own bounds.
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);
    private static final int MOST_SUBTASKS = 1 << 15;

    /** @throws SettingsException if a value, or two together, cannot be used */
    public static EmbeddedConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        refuseRegistry(checked);
        return new EmbeddedConfig(Workload.from(checked), Run.from(checked));
    }

    /** Generated records are framed with fingerprints, so that the run needs no registry. */
    private static void refuseRegistry(CheckedConfiguration checked) {
        if (checked.get(JobOptions.WIRE_FRAMING) == Framing.CONFLUENT) {
            String key = JobOptions.WIRE_FRAMING.key();
            throw new SettingsException(
                    key,
                    key
                            + " is confluent, but the embedded run has no schema registry; use single-object, on the command"
                            + " line for example");
        }
        refuseRegistry(checked, JobOptions.WIRE_TRADE_SCHEMA);
        for (Dimension dimension : DimensionConfig.dimensions(checked)) {
            refuseRegistry(checked, JobOptions.DIMENSIONS_SCHEMA.of(dimension.name()));
        }
    }

    private static void refuseRegistry(CheckedConfiguration checked, ConfigOption<String> schema) {
        if (checked.isSet(schema) && checked.get(schema).strip().equals(SchemaSource.REGISTRY.toString())) {
            throw new SettingsException(
                    schema.key(),
                    schema.key() + " is registry, but the embedded run has no schema registry; give a schema file"
                            + " (.avsc)");
        }
    }

    /**
     * The generated market.
     *
     * @param rate trades per second over all subtasks; 0 is as fast as possible
     */
    public record Workload(long trades, long rate, long seed, int instruments, int users, Shares shares)
            implements Serializable {

        public Market market() {
            return new Market(
                    seed,
                    Market.today(),
                    trades,
                    instruments,
                    users,
                    shares.late(),
                    shares.duplicate(),
                    shares.malformed());
        }

        private static Workload from(CheckedConfiguration checked) {
            return new Workload(
                    checked.atLeast(1, EmbeddedOptions.TRADES),
                    checked.atLeast(0, EmbeddedOptions.RATE),
                    checked.get(EmbeddedOptions.SEED),
                    checked.between(1, Integer.MAX_VALUE, EmbeddedOptions.INSTRUMENTS),
                    checked.between(1, Integer.MAX_VALUE, EmbeddedOptions.USERS),
                    Shares.from(checked));
        }
    }

    /**
     * The shares of irregular records, each from 0 to 1.
     *
     * @param late of the rows: those that arrive after trades refer to them
     * @param duplicate of the trade records: those that repeat an earlier one
     * @param malformed of the trade records: those whose bytes are damaged
     */
    public record Shares(double late, double duplicate, double malformed) implements Serializable {

        private static Shares from(CheckedConfiguration checked) {
            var shares = new Shares(
                    checked.share(EmbeddedOptions.LATE_SHARE),
                    checked.share(EmbeddedOptions.DUPLICATE_SHARE),
                    checked.share(EmbeddedOptions.MALFORMED_SHARE));
            if (shares.duplicate + shares.malformed >= 1) {
                String key = EmbeddedOptions.DUPLICATE_SHARE.key();
                throw new SettingsException(
                        key,
                        key + " and " + EmbeddedOptions.MALFORMED_SHARE.key()
                                + " add up to 1 or more, which leaves no trade to repeat; lower one of them");
            }
            return shares;
        }
    }

    /** The cluster and the output of the run. */
    public record Run(
            String output,
            int port,
            int parallelism,
            EmbeddedOptions.StateBackend stateBackend,
            Duration checkpointInterval,
            int samples)
            implements Serializable {

        private static Run from(CheckedConfiguration checked) {
            return new Run(
                    checked.get(EmbeddedOptions.OUTPUT),
                    checked.between(0, 65_535, EmbeddedOptions.PORT),
                    checked.isSet(EmbeddedOptions.PARALLELISM)
                            ? checked.between(1, MOST_SUBTASKS, EmbeddedOptions.PARALLELISM)
                            : Runtime.getRuntime().availableProcessors(),
                    checked.get(EmbeddedOptions.STATE_BACKEND),
                    checked.durationOfAtLeast(SHORTEST_INTERVAL, EmbeddedOptions.CHECKPOINT_INTERVAL),
                    checked.between(0, Integer.MAX_VALUE, EmbeddedOptions.SAMPLES));
        }
    }
}
