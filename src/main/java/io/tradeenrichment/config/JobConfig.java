package io.tradeenrichment.config;

import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** All that the job is told, complete and checked. No key is read after it. */
public record JobConfig(Wire wire, Join join, Dimensions dimensions) implements Serializable {

    /** @throws SettingsException if a value, or two together, cannot be used */
    public static JobConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return new JobConfig(Wire.from(checked), Join.from(checked), Dimensions.from(checked));
    }

    /**
     * The same where the job is not started, but its settings are judged: without the files that {@code
     * wire.writer-schemas} names, which need not be here.
     *
     * @throws SettingsException if a value, or two together, cannot be used
     */
    public static JobConfig withoutFiles(Configuration configuration) {
        Configuration without = new Configuration(configuration);
        if (new CheckedConfiguration(configuration).get(JobOptions.WIRE_FRAMING) != Framing.CONFLUENT) {
            without.removeConfig(JobOptions.WIRE_WRITER_SCHEMAS);
        }
        return from(without);
    }

    /**
     * How records stand on the topics.
     *
     * @param maxRecordSize the longest value that is read, in bytes
     * @param maxEnrichedSize the longest enriched value that is written, in bytes
     * @param writerSchemas as JSON, the schemas that may have written a record beside the job's own
     * @param keys how the keys of the dimensions' records are written
     */
    public record Wire(
            Framing framing, int maxRecordSize, int maxEnrichedSize, List<String> writerSchemas, KeyFormats keys)
            implements Serializable {
        public Wire {
            writerSchemas = List.copyOf(writerSchemas);
        }

        /** @throws SettingsException if a value cannot be used */
        public static Wire from(Configuration configuration) {
            return from(new CheckedConfiguration(configuration));
        }

        private static Wire from(CheckedConfiguration checked) {
            return new Wire(
                    checked.get(JobOptions.WIRE_FRAMING),
                    checked.arraySize(JobOptions.WIRE_RECORD_MAX_SIZE),
                    checked.arraySize(JobOptions.WIRE_ENRICHED_MAX_SIZE),
                    writerSchemas(checked),
                    new KeyFormats(
                            checked.get(JobOptions.DIMENSIONS_INSTRUMENT_KEY_FORMAT),
                            checked.get(JobOptions.DIMENSIONS_USER_KEY_FORMAT)));
        }

        private static List<String> writerSchemas(CheckedConfiguration checked) {
            String key = JobOptions.WIRE_WRITER_SCHEMAS.key();
            List<String> files = checked.texts(JobOptions.WIRE_WRITER_SCHEMAS);
            if (!files.isEmpty() && checked.get(JobOptions.WIRE_FRAMING) == Framing.CONFLUENT) {
                throw new SettingsException(
                        key,
                        key + " is set, but " + JobOptions.WIRE_FRAMING.key()
                                + " is confluent, which finds every schema in the registry; leave one of them out");
            }
            return SchemaFiles.read(key, files);
        }
    }

    /**
     * How a trade finds its rows.
     *
     * @param waitThen what becomes of a trade whose wait is over; never {@link MissingRow#WAIT}
     * @param dedupRetention zero if trades are not de-duplicated
     * @param asOfWait how much further than a trade's time the dimensions must have been read; zero if it does not matter
     */
    public record Join(
            MissingRow instrumentMissing,
            MissingRow userMissing,
            Duration waitTimeout,
            MissingRow waitThen,
            KeyBy keyBy,
            Duration dedupRetention,
            JoinTime time,
            Duration asOfWait)
            implements Serializable {

        /** What becomes of a trade that lacks its row of this dimension. */
        public MissingRow missing(Dimension dimension) {
            return dimension == Dimension.INSTRUMENT ? instrumentMissing : userMissing;
        }

        /** Whether a trade may have to be kept until a row arrives. */
        public boolean waits() {
            return instrumentMissing == MissingRow.WAIT || userMissing == MissingRow.WAIT;
        }

        private static Join from(CheckedConfiguration checked) {
            Join join = new Join(
                    checked.get(JobOptions.JOIN_INSTRUMENT_MISSING),
                    checked.get(JobOptions.JOIN_USER_MISSING),
                    checked.duration(JobOptions.JOIN_WAIT_TIMEOUT),
                    afterTheWait(checked.get(JobOptions.JOIN_WAIT_THEN)),
                    checked.get(JobOptions.TRADES_KEY_BY),
                    checked.duration(JobOptions.DEDUP_RETENTION),
                    checked.get(JobOptions.JOIN_TIME),
                    checked.duration(JobOptions.JOIN_AS_OF_WAIT));
            if (join.time == JoinTime.LATEST && !join.asOfWait.isZero()) {
                String key = JobOptions.JOIN_AS_OF_WAIT.key();
                throw new SettingsException(
                        key,
                        key + " is set, but " + JobOptions.JOIN_TIME.key()
                                + " is latest, which waits for no version; set it to as-of, or leave the wait out");
            }
            if (join.waits() && join.waitTimeout.isZero()) {
                String waiting = join.instrumentMissing == MissingRow.WAIT
                        ? JobOptions.JOIN_INSTRUMENT_MISSING.key()
                        : JobOptions.JOIN_USER_MISSING.key();
                String key = JobOptions.JOIN_WAIT_TIMEOUT.key();
                throw new SettingsException(
                        key,
                        key + " is 0, but " + waiting
                                + " is wait; give the wait a time, or choose partial, dead-letter or drop");
            }
            boolean remembers = !join.dedupRetention.isZero();
            if (join.waits() && remembers && join.dedupRetention.compareTo(join.waitTimeout) < 0) {
                String key = JobOptions.DEDUP_RETENTION.key();
                throw new SettingsException(
                        key,
                        key + " is shorter than " + JobOptions.JOIN_WAIT_TIMEOUT.key()
                                + ", so a trade could come again while it waits and leave twice; make it at least as long");
            }
            return join;
        }

        private static MissingRow afterTheWait(MissingRow then) {
            if (then == MissingRow.WAIT) {
                String key = JobOptions.JOIN_WAIT_THEN.key();
                throw new SettingsException(
                        key, key + " is wait, but says what follows the wait; use partial, dead-letter or drop");
            }
            return then;
        }
    }

    /**
     * What is kept of the dimensions' rows. All of it is measured in the dimension's own time, that of its records.
     *
     * @param ttl zero if rows stand however old they are
     * @param history how long a version is kept after the next one became valid
     * @param versions how many of a row are kept at most; one where only the latest is asked for
     */
    public record Dimensions(Duration tombstoneRetention, Duration ttl, Duration history, int versions)
            implements Serializable {
        private static final Duration SHORTEST_HISTORY = Duration.ofSeconds(1);
        private static final int MOST_VERSIONS = 1_000_000;

        private static Dimensions from(CheckedConfiguration checked) {
            int versions = checked.between(1, MOST_VERSIONS, JobOptions.DIMENSIONS_MAX_VERSIONS);
            return new Dimensions(
                    checked.duration(JobOptions.DIMENSIONS_TOMBSTONE_RETENTION),
                    checked.duration(JobOptions.DIMENSIONS_TTL),
                    checked.durationOfAtLeast(SHORTEST_HISTORY, JobOptions.DIMENSIONS_HISTORY),
                    checked.get(JobOptions.JOIN_TIME) == JoinTime.AS_OF ? versions : 1);
        }
    }
}
