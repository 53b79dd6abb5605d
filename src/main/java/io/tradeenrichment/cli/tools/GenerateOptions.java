package io.tradeenrichment.cli.tools;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys that only {@code generate} has; {@link GenerateConfig} is what it reads. */
public final class GenerateOptions {
    public static final ConfigOption<Long> TRADES = key("generate.trades")
            .longType()
            .defaultValue(0L)
            .withDescription("How many trade records are produced; 0 goes on until Ctrl-C.");

    public static final ConfigOption<Long> RATE = key("generate.rate")
            .longType()
            .defaultValue(1_000L)
            .withDescription("Trades per second, evenly; 0 is as fast as Kafka takes them. Instruments and users come "
                    + "beside them, eight and two for ninety trades.");

    public static final ConfigOption<Long> FIRST_TRADE_ID = key("generate.first-trade-id")
            .longType()
            .noDefaultValue()
            .withDescription("Id of the first trade; the others count up from it. If it is not set, the clock in "
                    + "microseconds, so that a later run repeats no id; give it where two run at the same time.");

    public static final ConfigOption<Long> SEED = key("generate.seed")
            .longType()
            .defaultValue(1L)
            .withDescription("What the records are drawn from: the same seed gives the same records on one day.");

    public static final ConfigOption<Integer> INSTRUMENTS = key("generate.instruments")
            .intType()
            .defaultValue(10_000)
            .withDescription("How many instruments the trades refer to; their ids count from 1.");

    public static final ConfigOption<Integer> USERS = key("generate.users")
            .intType()
            .defaultValue(10_000)
            .withDescription("How many users the trades refer to; their ids count from 1.");

    public static final ConfigOption<Double> LATE_SHARE = key("generate.late-share")
            .doubleType()
            .defaultValue(0.001)
            .withDescription(
                    "Share of the instrument and user rows that arrive only after trades refer to them, within "
                            + "the first ten seconds.");

    public static final ConfigOption<Double> DUPLICATE_SHARE = key("generate.duplicate-share")
            .doubleType()
            .defaultValue(0.002)
            .withDescription("Share of the trade records that repeat one of the 10,000 before them.");

    public static final ConfigOption<Double> MALFORMED_SHARE = key("generate.malformed-share")
            .doubleType()
            .defaultValue(0.0005)
            .withDescription("Share of the trade records whose bytes are damaged.");

    public static final ConfigOption<String> TRADE = key("generate.trade")
            .stringType()
            .noDefaultValue()
            .withDescription("One trade, sent by itself in place of a market, for example " + TradeByHand.EXAMPLE
                    + ". trade_id and trade_time may be given too; else they are of now.");

    private GenerateOptions() {}

    /** The keys under the heading that people see. */
    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Generate", GenerateOptions.class));
    }
}
