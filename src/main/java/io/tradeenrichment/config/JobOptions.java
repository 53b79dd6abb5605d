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

/** Every key of the job itself, however it is run; {@link JobConfig} is what the job reads. */
public final class JobOptions {
    public static final ConfigOption<Framing> WIRE_FRAMING = key("wire.framing")
            .enumType(Framing.class)
            .defaultValue(Framing.SINGLE_OBJECT)
            .withDescription(
                    "What stands before each record and names the schema it was written with: Avro's own "
                            + "fingerprint (single-object), or the id that a schema registry gave it (confluent, which needs registry.url).");

    public static final ConfigOption<MemorySize> WIRE_RECORD_MAX_SIZE = key("wire.record.max-size")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(1))
            .withDescription("The longest value that is read; a longer one becomes a dead letter unread.");

    public static final ConfigOption<MemorySize> WIRE_ENRICHED_MAX_SIZE = key("wire.enriched.max-size")
            .memoryType()
            .defaultValue(MemorySize.parse("1000 kb"))
            .withDescription("The longest enriched value that is written; a trade that would become longer is a dead "
                    + "letter. Somewhat less than the topic's max.message.bytes.");

    public static final ConfigOption<List<String>> WIRE_WRITER_SCHEMAS = key("wire.writer-schemas")
            .stringType()
            .asList()
            .defaultValues()
            .withDescription("Files (.avsc) or folders of them, with the schemas that records on the topics were "
                    + "written with beside the job's own. They are read once, where the job is started.");

    public static final ConfigOption<KeyBy> TRADES_KEY_BY = key("trades.key-by")
            .enumType(KeyBy.class)
            .defaultValue(KeyBy.INSTRUMENT_ID)
            .withDescription(
                    "What spreads the trades over the subtasks, and keeps their order. By instrument_id, trades "
                            + "of one instrument keep their order, so a trade that waits for a row holds up the later ones of its "
                            + "instrument. By instrument_and_user it holds up only those of the same user. By trade_id no order is "
                            + "kept, and a hot instrument is spread. Trade ids are compared among trades of one key.");

    public static final ConfigOption<Duration> DEDUP_RETENTION = key("dedup.retention")
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription(
                    "How long a trade_id is remembered: a trade that repeats it within this time is counted "
                            + "and goes no further. Measured by the clock, also while the job is down, so it should be longer "
                            + "than the longest outage plus the time within which producers retry. 0 lets every trade through.");

    public static final ConfigOption<MissingRow> JOIN_INSTRUMENT_MISSING = key("join.instrument.missing")
            .enumType(MissingRow.class)
            .defaultValue(MissingRow.WAIT)
            .withDescription("What becomes of a trade whose instrument has no row: it waits for the row, leaves with "
                    + "the instrument's columns null (partial), becomes a dead letter, or is counted and dropped. A trade "
                    + "that waits holds up the later ones of the same trades.key-by.");

    public static final ConfigOption<MissingRow> JOIN_USER_MISSING = key("join.user.missing")
            .enumType(MissingRow.class)
            .defaultValue(MissingRow.WAIT)
            .withDescription("What becomes of a trade whose user has no row; the same choices as for the instrument. A "
                    + "trade that waits holds up the later ones of the same trades.key-by, which by default are those of "
                    + "other users too.");

    public static final ConfigOption<Duration> JOIN_WAIT_TIMEOUT = key("join.wait.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription(
                    "How long a trade waits for a missing row at most. Only time in which the dimensions' topics are "
                            + "read up to their ends counts.");

    @Excluding("WAIT")
    public static final ConfigOption<MissingRow> JOIN_WAIT_THEN = key("join.wait.then")
            .enumType(MissingRow.class)
            .defaultValue(MissingRow.DEAD_LETTER)
            .withDescription("What becomes of a trade whose wait is over and whose row is still missing.");

    public static final ConfigOption<JoinTime> JOIN_TIME = key("join.time")
            .enumType(JoinTime.class)
            .defaultValue(JoinTime.LATEST)
            .withDescription("Which version of a row a trade is joined with: the newest there is (latest), or the one "
                    + "that was valid at its trade_time (as-of).");

    public static final ConfigOption<Duration> JOIN_AS_OF_WAIT = key("join.as-of.wait")
            .durationType()
            .defaultValue(Duration.ZERO)
            .withDescription("With join.time: as-of, how long after the trade's time a version that was valid then may "
                    + "still be written: the trade waits until both dimensions' topics have been read up to that time. 0 "
                    + "does not wait.");

    public static final ConfigOption<Duration> DIMENSIONS_HISTORY = key("dimensions.history")
            .durationType()
            .defaultValue(Duration.ofDays(7))
            .withDescription(
                    "With join.time: as-of, how long a version is kept after the next one became valid. A trade "
                            + "that is older finds no row. Measured by the data's own time.");

    public static final ConfigOption<Integer> DIMENSIONS_MAX_VERSIONS = key("dimensions.max-versions")
            .intType()
            .defaultValue(100)
            .withDescription(
                    "With join.time: as-of, how many versions of a row are kept at most; the oldest leave first.");

    public static final ConfigOption<Duration> DIMENSIONS_TTL = key("dimensions.ttl")
            .durationType()
            .defaultValue(Duration.ZERO)
            .withDescription(
                    "How long a row stands after it was last written; then it counts as missing and is removed. "
                            + "Measured by the data's own time, so that it is the same on every subtask. 0 keeps rows however "
                            + "old they are.");

    public static final ConfigOption<Duration> DIMENSIONS_TOMBSTONE_RETENTION = key("dimensions.tombstone.retention")
            .durationType()
            .defaultValue(Duration.ofDays(1))
            .withDescription("How long a deleted row's dated mark stays, so that an older version which arrives later "
                    + "does not revive the row. Measured by the data's own time, not by the clock.");

    public static final ConfigOption<KeyFormat> DIMENSIONS_INSTRUMENT_KEY_FORMAT = keyFormat("instrument");

    public static final ConfigOption<KeyFormat> DIMENSIONS_USER_KEY_FORMAT = keyFormat("user");

    private JobOptions() {}

    /** The keys under the headings that people see. */
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
                .withDescription("How the keys of the " + dimension + " records hold the " + dimension
                        + "_id: in eight bytes (big-endian), in decimal digits (text), or in Avro, under wire.framing."
                        + " A key in another format is rejected, because a tombstone is known by its key alone.");
    }
}
