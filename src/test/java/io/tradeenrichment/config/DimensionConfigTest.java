package io.tradeenrichment.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DimensionConfigTest {
    private static final Dimension ACCOUNT = new Dimension("account");
    private static final Map<String, String> WITH_ACCOUNTS =
            Map.of("dimensions.names", "account, user", "dimensions.account.schema", "account.avsc");

    @Test
    void hasInstrumentsAndUsersByDefault() {
        assertThat(DimensionConfig.DEFAULTS)
                .isEqualTo(JobConfig.from(new Configuration()).dimensions().list())
                .containsExactly(
                        new DimensionConfig(
                                Dimension.INSTRUMENT,
                                "instrument_id",
                                SchemaSource.BUNDLED,
                                "instrument_id",
                                "valid_from",
                                List.of("occ_symbol=instrument", "ticker", "type", "strike", "expiry", "valid_from")),
                        new DimensionConfig(
                                Dimension.USER,
                                "user_id",
                                SchemaSource.BUNDLED,
                                "user_id",
                                "valid_from",
                                List.of("username=user", "valid_from")));
    }

    @Test
    void hasDefaultsForAnyName() {
        assertThat(from(WITH_ACCOUNTS).dimensions().list())
                .hasSize(2)
                .first()
                .isEqualTo(new DimensionConfig(
                        ACCOUNT, "account_id", SchemaSource.file("account.avsc"), "account_id", "valid_from", null));
    }

    @Test
    void readsEachKeyIntoItsField() {
        JobConfig config = from(
                WITH_ACCOUNTS,
                Map.of(
                        "dimensions.account.field", "order.account",
                        "dimensions.account.schema", "registry",
                        "dimensions.account.id", "number",
                        "dimensions.account.valid-from", "record-timestamp",
                        "dimensions.account.columns", "name, risk_limit=limit",
                        "dimensions.account.key-format", "text",
                        "join.account.missing", "partial",
                        "trades.key-by", "account_and_user",
                        "wire.framing", "confluent"));

        assertThat(config.dimensions().list())
                .first()
                .isEqualTo(new DimensionConfig(
                        ACCOUNT,
                        "order.account",
                        SchemaSource.REGISTRY,
                        "number",
                        null,
                        List.of("name", "risk_limit=limit")));
        assertThat(config.wire().keys().of(ACCOUNT)).isEqualTo(KeyFormat.TEXT);
        assertThat(config.wire().keys().of(Dimension.USER)).isEqualTo(KeyFormat.BIG_ENDIAN);
        assertThat(config.join().missing()).containsExactly(MissingRow.PARTIAL, MissingRow.WAIT);
        assertThat(config.join().keyBy().dimensions()).containsExactly(0, 1);
    }

    @Test
    void keysTradesByTheFirstDimensionByDefault() {
        assertThat(from(WITH_ACCOUNTS).join().keyBy()).hasToString("account_id");
    }

    @Test
    void namesTheDimensionThatWaits() {
        assertRejected(
                "join.wait.timeout is 0, but join.account.missing is wait; set a longer timeout, or choose partial,"
                        + " dead-letter or drop",
                Map.of("join.wait.timeout", "0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
                    dimensions.names=                   > dimensions.names is empty; name at least one dimension
                    dimensions.names=user, Account      > dimensions.names contains 'Account', but a name is a lower-case letter, then lower-case letters, digits and underscores
                    dimensions.names=dead-letter        > dimensions.names contains 'dead-letter', but a name is a lower-case letter, then lower-case letters, digits and underscores
                    dimensions.names=enriched-trade     > dimensions.names contains 'enriched-trade', but a name is a lower-case letter, then lower-case letters, digits and underscores
                    dimensions.names=user, trade        > dimensions.names contains trade, but trades are not a dimension; use another name
                    dimensions.names=user, user         > dimensions.names contains user twice; keep one of them
                    dimensions.names=user, venue        > dimensions.venue.schema is not set, and there is no bundled schema of venues; give a schema file (.avsc), or registry
                    dimensions.user.schema=registry     > dimensions.user.schema is registry, but wire.framing is single-object, which uses no registry; set it to confluent, or give a schema file
                    dimensions.user.schema=users.json   > dimensions.user.schema is 'users.json', but takes a schema file (.avsc), registry or bundled
                    dimensions.user.columns=            > dimensions.user.columns is empty; name at least one column, or leave the key out for all of them
                    """)
    void rejectsAnUnusableValueInOneSentence(String setting, String sentence) {
        String[] keyAndValue = setting.split("=", -1);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(Map.of(keyAndValue[0], keyAndValue[1].strip())))
                .withMessage(sentence);
    }

    @Test
    void rejectsABundledSchemaForAnotherName() {
        assertRejected(
                "dimensions.account.schema is bundled, but there is no bundled schema of accounts; give a schema file"
                        + " (.avsc), or registry",
                Map.of("dimensions.account.schema", "bundled"));
    }

    @Test
    void rejectsAKeyOfANameThatIsNotListed() {
        assertRejected(
                "the test: dimensions.acount.field is set, but its name is not in dimensions.names; did you mean"
                        + " dimensions.account.field?",
                Map.of("dimensions.acount.field", "account"));
        assertRejected(
                "the test: join.instrument.missing is set, but its name is not in dimensions.names, which has account,"
                        + " user; add it there",
                Map.of("join.instrument.missing", "drop"));
    }

    @Test
    void acceptsAtMostThirtyOneDimensions() {
        assertThat(from(dimensions(31)).dimensions().list()).hasSize(31);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(dimensions(32)))
                .withMessage("dimensions.names has 32 names, but a job has at most 31 dimensions");
    }

    private static Map<String, String> dimensions(int count) {
        List<String> names =
                new ArrayList<>(IntStream.range(0, count).mapToObj(i -> "d" + i).toList());
        Map<String, String> settings =
                names.stream().collect(Collectors.toMap(name -> "dimensions." + name + ".schema", name -> "d.avsc"));
        settings.put("dimensions.names", String.join(",", names));
        return settings;
    }

    private static void assertRejected(String sentence, Map<String, String> settings) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from(WITH_ACCOUNTS, settings))
                .withMessage(sentence);
    }

    private static JobConfig from(Map<String, String> settings, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return from(all);
    }

    private static JobConfig from(Map<String, String> settings) {
        return JobConfig.from(
                Settings.of(new CommandDescription("job", "", JobOptions.groups(), List.of()), settings, "the test")
                        .configuration());
    }
}
