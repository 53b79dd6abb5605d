package io.tradeenrichment.cli.tools;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.settings.OptionGroup;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys that only {@code tail} has; {@link TailConfig} is what it reads. */
public final class TailOptions {
    public static final ConfigOption<Shown> TOPICS = key("tail.topics")
            .enumType(Shown.class)
            .defaultValue(Shown.BOTH)
            .withDescription("Whether enriched trades are shown, or dead letters, or both.");

    public static final ConfigOption<From> FROM = key("tail.from")
            .enumType(From.class)
            .defaultValue(From.LAST)
            .withDescription("Where to begin: with the last few of each topic, at the beginning, or at the end.");

    public static final ConfigOption<String> SINCE = key("tail.since")
            .stringType()
            .noDefaultValue()
            .withDescription("Begins with the records of this time and later, in place of tail.from; for example "
                    + "2026-11-02T09:30:00Z. Output records have the time of the record that they were made of.");

    public static final ConfigOption<Long> TRADE_ID = key("tail.trade-id")
            .longType()
            .noDefaultValue()
            .withDescription(
                    "Shows only what became of the trade with this id: the enriched trade, or its dead letter if "
                            + "the id can be read from its bytes. Unless tail.from or tail.since is given, both topics are "
                            + "searched from the beginning.");

    public static final ConfigOption<Integer> LAST = key("tail.last")
            .intType()
            .defaultValue(10)
            .withDescription("With tail.from: last, how many of each topic come first.");

    public static final ConfigOption<Long> COUNT = key("tail.count")
            .longType()
            .defaultValue(0L)
            .withDescription("After how many records it ends; 0 goes on until Ctrl-C.");

    public static final ConfigOption<Form> FORMAT = key("tail.format")
            .enumType(Form.class)
            .defaultValue(Form.TEXT)
            .withDescription("In people's form, or as JSON with every column; a line each.");

    /** What is shown. */
    public enum Shown {
        BOTH,
        ENRICHED_TRADES,
        DEAD_LETTERS
    }

    /** Where it begins. */
    public enum From {
        LAST,
        BEGINNING,
        END
    }

    /** How a record is shown. */
    public enum Form {
        TEXT,
        JSON;

        RecordLine line(String deadLettersTopic, DatumReader enrichedTrades) {
            return this == TEXT
                    ? new TextLine(deadLettersTopic, enrichedTrades)
                    : new JsonLine(deadLettersTopic, enrichedTrades);
        }
    }

    private TailOptions() {}

    /** The keys under the heading that people see. */
    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Tail", TailOptions.class));
    }
}
