package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateConfigTest {

    @Test
    void rejectsATradeByHandWithAnotherTradeSchema() {
        Schema fill = new Schema.Parser().parse("""
                {"type":"record","name":"Fill","fields":[
                  {"name":"exec_id","type":"long"},{"name":"at","type":"long"},{"name":"buyer","type":"long"}]}""");
        var trade = new TradeSchema(fill, FieldPath.of("exec_id"), FieldPath.of("at"), List.of(FieldPath.of("buyer")));
        JobSchemas schemas = new JobSchemas(trade, List.of(JobSchemas.bundled().row(Dimension.USER)));
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> GenerateCommand.requireBundledTrade(schemas))
                .withMessage("generate.trade takes the fields of the bundled trades, but wire.trade.schema sets another"
                        + " schema; leave generate.trade out to generate trades of that schema");
        assertThat(GenerateCommand.requireBundledTrade(JobSchemas.bundled())).isNotNull();
    }

    private static final Instant NOW = Instant.parse("2026-11-20T15:00:00.123456Z");

    @Test
    void everyKeyButTheIdAndTheTradeHasADefault() {
        assertThat(from()).isEqualTo(new GenerateConfig(0, 1_000, null, 1, 10_000, 10_000, 0.001, 0.002, 0.0005, null));
    }

    @Test
    void eachKeyReachesItsField() {
        assertThat(from(
                        "--generate.trades=11",
                        "--generate.rate=12",
                        "--generate.first-trade-id=13",
                        "--generate.seed=-14",
                        "--generate.instruments=15",
                        "--generate.users=16",
                        "--generate.late-share=0.17",
                        "--generate.duplicate-share=0.18",
                        "--generate.malformed-share=0.19",
                        "--generate.trade=" + TradeByHand.EXAMPLE))
                .isEqualTo(new GenerateConfig(
                        11, 12, 13L, -14, 15, 16, 0.17, 0.18, 0.19, TradeByHand.of(TradeByHand.EXAMPLE)));
    }

    @Test
    void idsStartAtTheClockSoThatALaterRunRepeatsNone() {
        assertThat(from().market(NOW).firstTradeId()).isEqualTo(NOW.toEpochMilli() * 1000 + 456);
        assertThat(from("--generate.first-trade-id=5").market(NOW).firstTradeId())
                .isEqualTo(5);
        assertThat(from().market(NOW).epochDay())
                .isEqualTo(LocalDate.of(2026, 11, 20).toEpochDay());
    }

    @Test
    void theLastLateRowArrivesWithinTheWaitTimeout() {
        assertThat(from().market(NOW).trades()).isEqualTo(Market.MAX_TRADES);
        assertThat(from("--generate.rate=500").market(NOW).lateRowsUntil()).isEqualTo(5_000);
        assertThat(from("--generate.rate=0").market(NOW).lateRowsUntil()).isEqualTo(1_000_000);
        assertThat(from("--generate.trades=70").market(NOW).lateRowsUntil()).isEqualTo(70);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    trades=-1               > generate.trades is -1, but it must be from 0 to 1000000000000
                    rate=-1                 > generate.rate is -1, but it must be from 0 to 10000000
                    first-trade-id=-1       > generate.first-trade-id is -1, but it must be from 0 to 9223371036854775807
                    instruments=0           > generate.instruments is 0, but it must be from 1 to 5000000
                    users=10000001          > generate.users is 10000001, but it must be from 1 to 10000000
                    late-share=1.5          > generate.late-share is 1.5, but a share must be from 0 to 1
                    duplicate-share=0.9     > generate.duplicate-share and generate.malformed-share add up to more than 0.9, which leaves too few trades to repeat; lower one of them
                    trade=all               > generate.trade: 'all' is not a field of a trade; write it like instrument_id=1,user_id=1,trade_px=38.05,quantity=100,side=BUY
                    """)
    void rejectsAnInvalidValueWithOneSentence(String setting, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from("--generate." + setting))
                .withMessage(sentence);
    }

    private static GenerateConfig from(String... args) {
        return Settings.read(new CommandDescription("generate", "", GenerateOptions.groups(), List.of()), args)
                .bind(GenerateConfig::from);
    }
}
