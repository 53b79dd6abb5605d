package io.tradeenrichment.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.OptionPattern;
import io.tradeenrichment.settings.Setting;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JobConfigTest {
    @Test
    void hasDefaults() {
        assertThat(JobConfig.from(new Configuration()))
                .isEqualTo(new JobConfig(
                        new JobConfig.Wire(
                                Framing.SINGLE_OBJECT,
                                1 << 20,
                                1000 << 10,
                                List.of(),
                                TradeConfig.BUNDLED,
                                KeyFormats.BIG_ENDIAN),
                        new JobConfig.Join(
                                List.of(MissingRow.WAIT, MissingRow.WAIT),
                                Duration.ofMinutes(1),
                                MissingRow.DEAD_LETTER,
                                KeyBy.INSTRUMENT_ID,
                                Duration.ofHours(1),
                                JoinTime.LATEST,
                                Duration.ZERO),
                        new JobConfig.Dimensions(
                                DimensionConfig.DEFAULTS, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(7), 1)));
    }

    @Test
    void readsEachKeyIntoItsField() {
        assertThat(from(Map.of("wire.framing", "confluent")).wire().framing()).isEqualTo(Framing.CONFLUENT);
        Map<String, String> settings = new HashMap<>(Map.of(
                "join.as-of.wait", "3 s",
                "dimensions.tombstone.retention", "2 h",
                "dimensions.ttl", "3 h",
                "dimensions.history", "4 h",
                "dimensions.max-versions", "5",
                "dimensions.instrument.key-format", "text",
                "dimensions.user.key-format", "avro"));
        settings.putAll(Map.of(
                "wire.trade.schema", "schemas/fill.avsc",
                "wire.trade.fields.trade-id", "exec.id",
                "wire.trade.fields.trade-time", "exec.time"));
        settings.putAll(Map.of(
                "wire.record.max-size", "64 kb",
                "wire.enriched.max-size", "32 kb",
                "wire.writer-schemas", "schemas/old.avsc",
                "trades.key-by", "trade_id",
                "dedup.retention", "10 min",
                "join.instrument.missing", "drop",
                "join.user.missing", "partial",
                "join.wait.timeout", "5 s",
                "join.wait.then", "drop",
                "join.time", "as-of"));
        JobConfig config = from(settings);

        assertThat(config)
                .isEqualTo(new JobConfig(
                        new JobConfig.Wire(
                                Framing.SINGLE_OBJECT,
                                65_536,
                                32_768,
                                List.of("schemas/old.avsc"),
                                new TradeConfig(SchemaSource.file("schemas/fill.avsc"), "exec.id", "exec.time"),
                                new KeyFormats(
                                        Map.of(Dimension.INSTRUMENT, KeyFormat.TEXT, Dimension.USER, KeyFormat.AVRO))),
                        new JobConfig.Join(
                                List.of(MissingRow.DROP, MissingRow.PARTIAL),
                                Duration.ofSeconds(5),
                                MissingRow.DROP,
                                KeyBy.TRADE_ID,
                                Duration.ofMinutes(10),
                                JoinTime.AS_OF,
                                Duration.ofSeconds(3)),
                        new JobConfig.Dimensions(
                                DimensionConfig.DEFAULTS,
                                Duration.ofHours(2),
                                Duration.ofHours(3),
                                Duration.ofHours(4),
                                5)));
    }

    @Test
    void putsEveryOptionUnderOneHeading() throws Exception {
        var declared = new TreeSet<String>();
        for (Field field : JobOptions.class.getFields()) {
            Object option = field.get(null);
            declared.add(option instanceof OptionPattern<?> pattern ? pattern.key() : ((ConfigOption<?>) option).key());
        }

        assertThat(JobOptions.groups().stream().flatMap(group -> group.settings().stream()))
                .extracting(Setting::key)
                .containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void hasAPolicyForEachDimension() {
        JobConfig.Join join = from(Map.of("join.instrument.missing", "drop")).join();

        assertThat(join.missing()).containsExactly(MissingRow.DROP, MissingRow.WAIT);
    }

    @Test
    void waitsIfThePolicyOfEitherDimensionIsWait() {
        assertThat(from(Map.of("join.instrument.missing", "drop")).join().waits())
                .isTrue();
        assertThat(from(Map.of("join.instrument.missing", "drop", "join.user.missing", "drop"))
                        .join()
                        .waits())
                .isFalse();
    }

    @Test
    void isSerializable() throws Exception {
        JobConfig config = from(Map.of("wire.writer-schemas", "schemas/old.avsc"));

        assertThat(afterSerialization(config)).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    wire.record.max-size=0          > wire.record.max-size is 0 bytes, but it must be at least 1 byte and less than 2 gb
                    wire.record.max-size=2 gb       > wire.record.max-size is 2 gb, but it must be at least 1 byte and less than 2 gb
                    join.wait.timeout=0             > join.wait.timeout is 0, but join.instrument.missing is wait; set a longer timeout, or choose partial, dead-letter or drop
                    join.as-of.wait=1 s             > join.as-of.wait is set, but join.time is latest, which waits for no version; set it to as-of, or remove the wait
                    dimensions.history=0            > dimensions.history is 0, but it must be at least 1 s
                    dimensions.max-versions=0       > dimensions.max-versions is 0, but it must be from 1 to 1000000
                    join.wait.then=wait             > join.wait.then is wait, but applies after the wait; use partial, dead-letter or drop
                    dedup.retention=59 s            > dedup.retention is shorter than join.wait.timeout, so a trade that repeats during the wait could be enriched twice; make it at least as long
                    dedup.retention=40000 d         > dedup.retention is 40000 d, but it must be at most 36500 d
                    wire.trade.schema=fill.json     > wire.trade.schema is 'fill.json', but takes a schema file (.avsc), registry or bundled
                    wire.trade.schema=registry      > wire.trade.schema is registry, but wire.framing is single-object, which uses no registry; set it to confluent, or give a schema file
                    trades.key-by=venue_id          > trades.key-by is 'venue_id', but takes trade_id, the id of a dimension (instrument_id, user_id), or several names such as instrument_and_user
                    join.wait.timeout=1 ns          > join.wait.timeout is 1 ns, but it must be a whole number of milliseconds
                    """)
    void rejectsAnUnusableValueInOneSentence(String setting, String sentence) {
        String[] keyAndValue = setting.split("=", -1);

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(Map.of(keyAndValue[0], keyAndValue[1])))
                .withMessage(sentence);
    }

    @Test
    void rejectsSchemaFilesWithARegistry() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(Map.of("wire.framing", "confluent", "wire.writer-schemas", "old.avsc")))
                .withMessage(
                        "wire.writer-schemas is set, but wire.framing is confluent, which finds every schema in the"
                                + " registry; remove one of them");
    }

    static List<ConfigOption<Duration>> durations() {
        return List.of(
                JobOptions.JOIN_WAIT_TIMEOUT, JobOptions.DEDUP_RETENTION, JobOptions.DIMENSIONS_TOMBSTONE_RETENTION);
    }

    @ParameterizedTest
    @MethodSource("durations")
    void rejectsANegativeDuration(ConfigOption<Duration> option) {
        var configuration = new Configuration().set(option, Duration.ofSeconds(-1));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> JobConfig.from(configuration))
                .withMessage(option.key() + " is -1 s, but a duration must not be negative");
    }

    @Test
    void acceptsAZeroTimeoutIfNothingWaits() {
        JobConfig config = from(Map.of(
                "join.instrument.missing", "partial", "join.user.missing", "dead-letter", "join.wait.timeout", "0"));

        assertThat(config.join().waitTimeout()).isZero();
    }

    @Test
    void rejectsAZeroTimeoutIfOnlyUsersAreWaitedFor() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(Map.of("join.instrument.missing", "drop", "join.wait.timeout", "0")))
                .withMessageStartingWith("join.wait.timeout is 0, but join.user.missing is wait;");
    }

    @Test
    void acceptsRecordsAsLargeAsAnArray() {
        var configuration = new Configuration().set(JobOptions.WIRE_RECORD_MAX_SIZE, new MemorySize(Integer.MAX_VALUE));

        assertThat(JobConfig.from(configuration).wire().maxRecordSize()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void rejectsAValueOfTheWrongTypeFromAPlainConfiguration() {
        var configuration = Configuration.fromMap(Map.of("join.wait.timeout", "soon"));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> JobConfig.from(configuration))
                .withMessage("join.wait.timeout has a value of the wrong type");
    }

    private static JobConfig from(Map<String, String> values) {
        return JobConfig.from(
                Settings.of(new CommandDescription("job", "", JobOptions.groups(), List.of()), values, "the test")
                        .configuration());
    }

    private static Object afterSerialization(Object value) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }
}
