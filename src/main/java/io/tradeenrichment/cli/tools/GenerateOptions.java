package io.tradeenrichment.cli.tools;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys of {@code generate}; {@link GenerateConfig} holds their values. */
public final class GenerateOptions {
    public static final ConfigOption<Long> TRADES = key("generate.trades")
            .longType()
            .defaultValue(0L)
            .withDescription("The number of trade records to produce. 0 continues until Ctrl-C.");

    public static final ConfigOption<Long> RATE = key("generate.rate")
            .longType()
            .defaultValue(1_000L)
            .withDescription("Trades per second, evenly distributed. 0 produces as fast as Kafka accepts. For 90 "
                    + "trades, 8 instruments and 2 users are produced as well.");

    public static final ConfigOption<Long> FIRST_TRADE_ID = key("generate.first-trade-id")
            .longType()
            .noDefaultValue()
            .withDescription("The id of the first trade; later trades count up from it. By default the current time "
                    + "in microseconds, so that no run repeats an id. Set it where two runs overlap.");

    public static final ConfigOption<Long> SEED = key("generate.seed")
            .longType()
            .defaultValue(1L)
            .withDescription("The seed of the records. The same seed generates the same records on the same day.");

    public static final ConfigOption<Integer> INSTRUMENTS = key("generate.instruments")
            .intType()
            .defaultValue(10_000)
            .withDescription("The number of instruments that trades refer to. Their ids begin at 1.");

    public static final ConfigOption<Integer> USERS = key("generate.users")
            .intType()
            .defaultValue(10_000)
            .withDescription("The number of users that trades refer to, and of the rows of each dimension other than "
                    + "instrument. Their ids begin at 1.");

    public static final ConfigOption<Double> LATE_SHARE = key("generate.late-share")
            .doubleType()
            .defaultValue(0.001)
            .withDescription("The fraction of instrument and user rows that arrive after the first trade that "
                    + "refers to them, within the first ten seconds.");

    public static final ConfigOption<Double> DUPLICATE_SHARE = key("generate.duplicate-share")
            .doubleType()
            .defaultValue(0.002)
            .withDescription("The fraction of trade records that repeat one of the 10,000 records before them.");

    public static final ConfigOption<Double> MALFORMED_SHARE = key("generate.malformed-share")
            .doubleType()
            .defaultValue(0.0005)
            .withDescription("The fraction of trade records with corrupt bytes.");

    public static final ConfigOption<String> TRADE = key("generate.trade")
            .stringType()
            .noDefaultValue()
            .withDescription("A single trade to send instead of a generated market, for example " + TradeByHand.EXAMPLE
                    + ". trade_id and trade_time are optional; by default both are derived from the current time. Not "
                    + "with another trade schema than the bundled one.");

    private GenerateOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Generate", GenerateOptions.class));
    }
}
