package io.tradeenrichment.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.Excluding;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.OptionPattern;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** The keys of the job, on a cluster and embedded; {@link JobConfig} holds their values. */
public final class JobOptions {
    public static final ConfigOption<List<String>> DIMENSIONS_NAMES = key("dimensions.names")
            .stringType()
            .asList()
            .defaultValues("instrument", "user")
            .withDescription("The dimensions that trades are joined with, in the order of their columns in the output. "
                    + "Each has settings of its own, with its name in place of NAME. A name is made of lower-case "
                    + "letters, digits and underscores. Topics and state have the name with an s, so a dimension "
                    + "keeps its name.");

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

    public static final ConfigOption<String> WIRE_TRADE_SCHEMA = key("wire.trade.schema")
            .stringType()
            .defaultValue("bundled")
            .withDescription("The schema of trades: a schema file (.avsc), the newest schema of their subject in the "
                    + "registry (registry), or the schema that is part of the job (bundled). All fields of a trade "
                    + "are fields of the enriched trade. The file is read once, when the job is submitted.");

    public static final ConfigOption<String> WIRE_TRADE_ID = key("wire.trade.fields.trade-id")
            .stringType()
            .defaultValue("trade_id")
            .withDescription("The field of a trade with its id: an int, a long or a string. A field of a nested "
                    + "record has a dotted path, for example execution.id.");

    public static final ConfigOption<String> WIRE_TRADE_TIME = key("wire.trade.fields.trade-time")
            .stringType()
            .defaultValue("trade_time")
            .withDescription("The field of a trade with its time: a long with a timestamp's unit; without a unit, it "
                    + "counts microseconds. A field of a nested record has a dotted path.");

    public static final OptionPattern<String> TRADES_KEY_BY = OptionPattern.of(
            "trades.key-by",
            DIMENSIONS_NAMES,
            (option, first) -> option.stringType()
                    .defaultValue(first + "_id")
                    .withDescription("The key that distributes trades over the subtasks: trade_id, the id of a "
                            + "dimension, or several dimensions. By default the id of the first dimension. Trades "
                            + "with the same key keep their order, so a trade that waits for a row delays the later "
                            + "trades of its key. With instrument_id, these are the trades of the same instrument; "
                            + "with instrument_and_user, only those of the same user too. With trade_id no order is "
                            + "kept, and a hot instrument is spread over all subtasks. Duplicates are found among "
                            + "trades with the same key."));

    public static final ConfigOption<Duration> DEDUP_RETENTION = key("dedup.retention")
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription("How long the id of a trade is remembered. A trade that repeats it within this time is "
                    + "counted and dropped. The time is wall-clock time and runs during downtime too, so make it "
                    + "longer than the longest outage plus the retry time of the producers. 0 turns de-duplication "
                    + "off.");

    public static final OptionPattern<MissingRow> JOIN_MISSING = OptionPattern.of(
            "join.NAME.missing",
            DIMENSIONS_NAMES,
            (option, name) -> option.enumType(MissingRow.class)
                    .defaultValue(MissingRow.WAIT)
                    .withDescription("What happens to a trade whose " + name + " has no row: it waits for the row "
                            + "(wait), is enriched with null columns (partial), becomes a dead letter "
                            + "(dead-letter), or is counted and dropped (drop). A waiting trade delays the later "
                            + "trades with the same trades.key-by, whatever their " + name + "."));

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
                    + "version that is valid at the trade's time (as-of).");

    public static final ConfigOption<Duration> JOIN_AS_OF_WAIT = key("join.as-of.wait")
            .durationType()
            .defaultValue(Duration.ZERO)
            .withDescription("With join.time: as-of, how long after the trade's time a version that is valid at "
                    + "that time may still be written. The trade waits until all dimension topics are read up to "
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

    public static final OptionPattern<String> DIMENSIONS_FIELD = OptionPattern.of(
            "dimensions.NAME.field",
            DIMENSIONS_NAMES,
            (option, name) -> option.stringType()
                    .defaultValue(name + "_id")
                    .withDescription("The field of a trade with the id of its " + name + ": an int, a long or a "
                            + "string. A field of a nested record has a dotted path, for example order." + name
                            + "_id. If the field is null, no row is looked up, and the columns are null."));

    public static final OptionPattern<String> DIMENSIONS_SCHEMA = OptionPattern.of(
            "dimensions.NAME.schema",
            DIMENSIONS_NAMES,
            (option, name) -> schema(
                    option.stringType(),
                    name,
                    "The schema of the rows: a schema file (.avsc), the newest schema of their subject in the registry "
                            + "(registry), or the schema that is part of the job (bundled), which only instruments "
                            + "and users have. Required for other dimensions. The file is read once, when the job "
                            + "is submitted."));

    public static final OptionPattern<String> DIMENSIONS_ID = OptionPattern.of(
            "dimensions.NAME.id",
            DIMENSIONS_NAMES,
            (option, name) ->
                    option.stringType().defaultValue(name + "_id").withDescription("The field of a row with its id."));

    public static final OptionPattern<String> DIMENSIONS_VALID_FROM = OptionPattern.of(
            "dimensions.NAME.valid-from",
            DIMENSIONS_NAMES,
            (option, name) -> option.stringType()
                    .defaultValue("valid_from")
                    .withDescription("The field of a row with the time from which it is valid, or record-timestamp "
                            + "if that is the timestamp of its record."));

    public static final OptionPattern<List<String>> DIMENSIONS_COLUMNS = OptionPattern.of(
            "dimensions.NAME.columns",
            DIMENSIONS_NAMES,
            (option, name) -> columns(
                    option.stringType().asList(),
                    name,
                    "The fields of a row that become columns of the output, as field or field=column. Without a name "
                            + "of its own, the column of a field is " + name + "_field. The computed field occ_symbol "
                            + "is the symbol of an option or a stock, from its ticker, type, strike and expiry. "
                            + "By default, a schema that is given has all fields but the id; the bundled ones have those "
                            + "that are shown here."));

    public static final OptionPattern<KeyFormat> DIMENSIONS_KEY_FORMAT = OptionPattern.of(
            "dimensions.NAME.key-format",
            DIMENSIONS_NAMES,
            (option, name) -> option.enumType(KeyFormat.class)
                    .defaultValue(KeyFormat.BIG_ENDIAN)
                    .withDescription("The format of the id in the keys of the dimension's topic: eight bytes "
                            + "(big-endian), the id as text, in decimal digits if it is a number (text), or Avro "
                            + "with the framing of wire.framing (avro). A record with another key is rejected, because a "
                            + "tombstone is identified by its key alone."));

    private JobOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(
                OptionGroup.of("Wire", JobOptions.class, "wire."),
                OptionGroup.of("Trades", JobOptions.class, "trades.", "dedup."),
                OptionGroup.of("Join", JobOptions.class, "join."),
                OptionGroup.of("Dimensions", JobOptions.class, "dimensions."));
    }

    private static ConfigOption<String> schema(
            ConfigOptions.TypedConfigOptionBuilder<String> option, String name, String description) {
        return (Dimension.BUNDLED.contains(new Dimension(name))
                        ? option.defaultValue("bundled")
                        : option.noDefaultValue())
                .withDescription(description);
    }

    private static ConfigOption<List<String>> columns(
            ConfigOptions.ListConfigOptionBuilder<String> option, String name, String description) {
        ConfigOption<List<String>> columns = switch (name) {
            case "instrument" ->
                option.defaultValues("occ_symbol=instrument", "ticker", "type", "strike", "expiry", "valid_from");
            case "user" -> option.defaultValues("username=user", "valid_from");
            default -> option.noDefaultValue();
        };
        return columns.withDescription(description);
    }
}
