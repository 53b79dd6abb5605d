package io.tradeenrichment.config;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The checked settings of the job. After its creation the job reads no key. */
public record JobConfig(Wire wire, Join join, Dimensions dimensions) implements Serializable {

    /** The dimensions in the order of the settings. */
    public List<Dimension> dimensionList() {
        return dimensions.list().stream().map(DimensionConfig::dimension).toList();
    }

    /** @throws SettingsException if a value is unusable, or two values contradict each other */
    public static JobConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        List<Dimension> dimensions = DimensionConfig.dimensions(checked);
        return new JobConfig(
                Wire.from(checked, dimensions),
                Join.from(checked, dimensions),
                Dimensions.from(checked, DimensionConfig.listFrom(configuration)));
    }

    /**
     * The format of records on the topics.
     *
     * @param maxRecordSize of a value that the job reads, in bytes
     * @param maxEnrichedSize of an enriched value that the job writes, in bytes
     * @param writerSchemaFiles files and folders of the schemas of other writers, as the user names them
     * @param keys the formats of the dimensions' keys
     */
    public record Wire(
            Framing framing,
            int maxRecordSize,
            int maxEnrichedSize,
            List<String> writerSchemaFiles,
            TradeConfig trade,
            KeyFormats keys)
            implements Serializable {
        public Wire {
            writerSchemaFiles = List.copyOf(writerSchemaFiles);
        }

        /** @throws SettingsException if a value is unusable, or two values contradict each other */
        public static Wire from(Configuration configuration) {
            var checked = new CheckedConfiguration(configuration);
            return from(checked, DimensionConfig.dimensions(checked));
        }

        private static Wire from(CheckedConfiguration checked, List<Dimension> dimensions) {
            Map<Dimension, KeyFormat> keys = new LinkedHashMap<>();
            for (Dimension dimension : dimensions) {
                keys.put(dimension, checked.get(JobOptions.DIMENSIONS_KEY_FORMAT.of(dimension.name())));
            }
            Wire wire = new Wire(
                    checked.get(JobOptions.WIRE_FRAMING),
                    checked.arraySize(JobOptions.WIRE_RECORD_MAX_SIZE),
                    checked.arraySize(JobOptions.WIRE_ENRICHED_MAX_SIZE),
                    checked.list(JobOptions.WIRE_WRITER_SCHEMAS),
                    TradeConfig.from(checked),
                    new KeyFormats(keys));
            if (!wire.writerSchemaFiles.isEmpty() && wire.framing == Framing.CONFLUENT) {
                throw error(
                        JobOptions.WIRE_WRITER_SCHEMAS,
                        "is set, but " + JobOptions.WIRE_FRAMING.key()
                                + " is confluent, which finds every schema in the registry; remove one of them");
            }
            return wire;
        }
    }

    /**
     * How a trade finds its rows.
     *
     * @param missing the policy for a missing row of each dimension, in the order of the settings
     * @param waitThen the policy after the wait; never {@link MissingRow#WAIT}
     * @param dedupRetention zero turns de-duplication off
     * @param asOfWait how far beyond a trade's time the dimensions must be read first; zero turns this off
     */
    public record Join(
            List<MissingRow> missing,
            Duration waitTimeout,
            MissingRow waitThen,
            KeyBy keyBy,
            Duration dedupRetention,
            JoinTime time,
            Duration asOfWait)
            implements Serializable {

        public Join {
            missing = List.copyOf(missing);
        }

        /** Whether trades wait for rows. */
        public boolean waits() {
            return missing.contains(MissingRow.WAIT);
        }

        private static Join from(CheckedConfiguration checked, List<Dimension> dimensions) {
            List<ConfigOption<MissingRow>> missing = dimensions.stream()
                    .map(dimension -> JobOptions.JOIN_MISSING.of(dimension.name()))
                    .toList();
            Join join = new Join(
                    missing.stream().map(checked::get).toList(),
                    checked.duration(JobOptions.JOIN_WAIT_TIMEOUT),
                    checked.get(JobOptions.JOIN_WAIT_THEN),
                    KeyBy.from(checked, dimensions),
                    checked.duration(JobOptions.DEDUP_RETENTION),
                    checked.get(JobOptions.JOIN_TIME),
                    checked.duration(JobOptions.JOIN_AS_OF_WAIT));
            join.check(missing);
            return join;
        }

        private void check(List<ConfigOption<MissingRow>> options) {
            if (waitThen == MissingRow.WAIT) {
                throw error(
                        JobOptions.JOIN_WAIT_THEN,
                        "is wait, but applies after the wait; use partial, dead-letter or drop");
            }
            if (time == JoinTime.LATEST && !asOfWait.isZero()) {
                throw error(
                        JobOptions.JOIN_AS_OF_WAIT,
                        "is set, but " + JobOptions.JOIN_TIME.key()
                                + " is latest, which waits for no version; set it to as-of, or remove the wait");
            }
            if (waits() && waitTimeout.isZero()) {
                throw error(
                        JobOptions.JOIN_WAIT_TIMEOUT,
                        "is 0, but "
                                + options.get(missing.indexOf(MissingRow.WAIT)).key()
                                + " is wait; set a longer timeout, or choose partial, dead-letter or drop");
            }
            if (waits() && !dedupRetention.isZero() && dedupRetention.compareTo(waitTimeout) < 0) {
                throw error(
                        JobOptions.DEDUP_RETENTION,
                        "is shorter than " + JobOptions.JOIN_WAIT_TIMEOUT.key()
                                + ", so a trade that repeats during the wait could be enriched twice; make it at least"
                                + " as long");
            }
        }
    }

    /**
     * The dimensions, and how long their rows are kept, in the dimension's own time, which is that of its records.
     *
     * @param list in the order of the settings
     * @param ttl zero keeps rows without limit
     * @param history how long a version is kept after the next version becomes valid
     * @param versions the most versions of one row; 1 if the join reads only the latest
     */
    public record Dimensions(
            List<DimensionConfig> list, Duration tombstoneRetention, Duration ttl, Duration history, int versions)
            implements Serializable {
        private static final Duration SHORTEST_HISTORY = Duration.ofSeconds(1);
        private static final int MOST_VERSIONS = 1_000_000;

        public Dimensions {
            list = List.copyOf(list);
        }

        private static Dimensions from(CheckedConfiguration checked, List<DimensionConfig> list) {
            int versions = checked.between(1, MOST_VERSIONS, JobOptions.DIMENSIONS_MAX_VERSIONS);
            return new Dimensions(
                    list,
                    checked.duration(JobOptions.DIMENSIONS_TOMBSTONE_RETENTION),
                    checked.duration(JobOptions.DIMENSIONS_TTL),
                    checked.durationOfAtLeast(SHORTEST_HISTORY, JobOptions.DIMENSIONS_HISTORY),
                    checked.get(JobOptions.JOIN_TIME) == JoinTime.AS_OF ? versions : 1);
        }
    }

    private static SettingsException error(ConfigOption<?> option, String sentence) {
        return new SettingsException(option.key(), option.key() + " " + sentence);
    }
}
