package io.tradeenrichment.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.settings.Excluding;
import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** The keys of the job, on a cluster and embedded; {@link JobConfig} holds their values. */
public final class JobOptions {
    public static final ConfigOption<Framing> WIRE_FRAMING = key("wire.framing")
            .enumType(Framing.class)
            .defaultValue(Framing.SINGLE_OBJECT)
            .withDescription("The bytes before each record that identify its writer schema: Avro's fingerprint "
                    + "(single-object), or the schema id of a registry (confluent, which requires registry.url).");

    public static final ConfigOption<MemorySize> WIRE_RECORD_MAX_SIZE = key("wire.record.max-size")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(1))
            .withDescription("The maximum size of an input value. A longer value becomes a dead letter, without "
                    + "being decoded.");

    public static final ConfigOption<MemorySize> WIRE_ENRICHED_MAX_SIZE = key("wire.enriched.max-size")
            .memoryType()
            .defaultValue(MemorySize.parse("1000 kb"))
            .withDescription("The maximum size of an enriched value. A trade whose enriched value would be longer "
                    + "becomes a dead letter. Set it somewhat below the topic's max.message.bytes.");

    public static final ConfigOption<List<String>> WIRE_WRITER_SCHEMAS = key("wire.writer-schemas")
            .stringType()
            .asList()
            .defaultValues()
            .withDescription("Schema files (.avsc), or folders of them, for records that were written with other "
                    + "schemas than the job's own. The files are read once, when the job is submitted.");

    public static final ConfigOption<KeyBy> TRADES_KEY_BY = key("trades.key-by")
            .enumType(KeyBy.class)
            .defaultValue(KeyBy.INSTRUMENT_ID)
            .withDescription("The key that distributes trades over the subtasks. Trades with the same key keep "
                    + "their order, so a trade that waits for a row delays the later trades of its key. With "
                    + "instrument_id, these are the trades of the same instrument; with instrument_and_user, only "
                    + "those of the same user too. With trade_id no order is kept, and a hot instrument is spread "
                    + "over all subtasks. Duplicates are found among trades with the same key.");

    public static final ConfigOption<Duration> DEDUP_RETENTION = key("dedup.retention")
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription("How long a trade_id is remembered. A trade that repeats it within this time is "
                    + "counted and dropped. The time is wall-clock time and runs during downtime too, so make it "
                    + "longer than the longest outage plus the retry time of the producers. 0 turns de-duplication "
                    + "off.");

    public static final ConfigOption<MissingRow> JOIN_INSTRUMENT_MISSING = key("join.instrument.missing")
            .enumType(MissingRow.class)
            .defaultValue(MissingRow.WAIT)
            .withDescription("What happens to a trade whose instrument has no row: it waits for the row (wait), is "
                    + "enriched with null columns (partial), becomes a dead letter (dead-letter), or is counted and "
                    + "dropped (drop). A waiting trade delays the later trades with the same trades.key-by.");

    public static final ConfigOption<MissingRow> JOIN_USER_MISSING = key("join.user.missing")
            .enumType(MissingRow.class)
            .defaultValue(MissingRow.WAIT)
            .withDescription("What happens to a trade whose user has no row; the choices are those of "
                    + "join.instrument.missing. A waiting trade delays the later trades with the same "
                    + "trades.key-by, which by default include trades of other users.");

    public static final ConfigOption<Duration> JOIN_WAIT_TIMEOUT = key("join.wait.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("The longest time that a trade waits for a missing row. Time counts only while the "
                    + "dimension topics are read up to their ends.");

    @Excluding("WAIT")
    public static final ConfigOption<MissingRow> JOIN_WAIT_THEN = key("join.wait.then")
            .enumType(MissingRow.class)
            .defaultValue(MissingRow.DEAD_LETTER)
            .withDescription("What happens to a trade whose row is still missing after join.wait.timeout.");

    public static final ConfigOption<JoinTime> JOIN_TIME = key("join.time")
            .enumType(JoinTime.class)
            .defaultValue(JoinTime.LATEST)
            .withDescription("The version of a row that a trade is joined with: the newest version (latest), or the "
                    + "version that is valid at its trade_time (as-of).");

    public static final ConfigOption<Duration> JOIN_AS_OF_WAIT = key("join.as-of.wait")
            .durationType()
            .defaultValue(Duration.ZERO)
            .withDescription("With join.time: as-of, how long after the trade's time a version that is valid at "
                    + "that time may still be written. The trade waits until both dimension topics are read up to "
                    + "the end of this time. 0 does not wait.");

    public static final ConfigOption<Duration> DIMENSIONS_HISTORY = key("dimensions.history")
            .durationType()
            .defaultValue(Duration.ofDays(7))
            .withDescription("With join.time: as-of, how long a version is kept after the next version becomes "
                    + "valid. For an older trade the row is missing. Measured in record timestamps.");

    public static final ConfigOption<Integer> DIMENSIONS_MAX_VERSIONS = key("dimensions.max-versions")
            .intType()
            .defaultValue(100)
            .withDescription("With join.time: as-of, the maximum number of versions of a row. The oldest versions "
                    + "are removed first.");

    public static final ConfigOption<Duration> DIMENSIONS_TTL = key("dimensions.ttl")
            .durationType()
            .defaultValue(Duration.ZERO)
            .withDescription("How long a row is current after its last update. After that it is missing, and is "
                    + "removed. Measured in record timestamps, so that every subtask has the same rows. 0 keeps "
                    + "rows without limit.");

    public static final ConfigOption<Duration> DIMENSIONS_TOMBSTONE_RETENTION = key("dimensions.tombstone.retention")
            .durationType()
            .defaultValue(Duration.ofDays(1))
            .withDescription("How long the tombstone of a deleted row is kept, so that an older version that "
                    + "arrives later does not restore the row. Measured in record timestamps.");

    public static final ConfigOption<KeyFormat> DIMENSIONS_INSTRUMENT_KEY_FORMAT = keyFormat("instrument");

    public static final ConfigOption<KeyFormat> DIMENSIONS_USER_KEY_FORMAT = keyFormat("user");

    private JobOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(
                OptionGroup.of("Wire", JobOptions.class, "wire."),
                OptionGroup.of("Trades", JobOptions.class, "trades.", "dedup."),
                OptionGroup.of("Join", JobOptions.class, "join."),
                OptionGroup.of("Dimensions", JobOptions.class, "dimensions."));
    }

    private static ConfigOption<KeyFormat> keyFormat(String dimension) {
        return key("dimensions." + dimension + ".key-format")
                .enumType(KeyFormat.class)
                .defaultValue(KeyFormat.BIG_ENDIAN)
                .withDescription("The format of the " + dimension + "_id in the keys of the " + dimension
                        + " topic: eight bytes (big-endian), decimal digits (text), or Avro with the framing of"
                        + " wire.framing (avro). A record with another key is rejected, because a tombstone is"
                        + " identified by its key alone.");
    }
}
