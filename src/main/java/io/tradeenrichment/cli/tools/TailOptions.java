package io.tradeenrichment.cli.tools;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.settings.OptionGroup;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.flink.configuration.ConfigOption;

/** The keys of {@code tail}; {@link TailConfig} holds their values. */
public final class TailOptions {
    public static final ConfigOption<Shown> TOPICS = key("tail.topics")
            .enumType(Shown.class)
            .defaultValue(Shown.BOTH)
            .withDescription("Whether to show enriched trades, dead letters, or both.");

    public static final ConfigOption<From> FROM = key("tail.from")
            .enumType(From.class)
            .defaultValue(From.LAST)
            .withDescription(
                    "Where to start: at the last records of each topic (last), at the beginning, or at the end.");

    public static final ConfigOption<String> SINCE = key("tail.since")
            .stringType()
            .noDefaultValue()
            .withDescription("Starts at the first record with this timestamp or a later one, instead of tail.from; "
                    + "for example 2026-11-02T09:30:00Z. An output record has the timestamp of its source record.");

    public static final ConfigOption<String> TRADE_ID = key("tail.trade-id")
            .stringType()
            .noDefaultValue()
            .withDescription("Shows only the result of the trade with this id: the enriched trade, or its dead "
                    + "letter if the id can be read from its bytes. Searches both topics from the beginning, unless "
                    + "tail.from or tail.since is set.");

    public static final ConfigOption<Integer> LAST = key("tail.last")
            .intType()
            .defaultValue(10)
            .withDescription("With tail.from: last, how many records of each topic to show first.");

    public static final ConfigOption<Long> COUNT = key("tail.count")
            .longType()
            .defaultValue(0L)
            .withDescription("Stops after this number of records. 0 continues until Ctrl-C.");

    public static final ConfigOption<Form> FORMAT = key("tail.format")
            .enumType(Form.class)
            .defaultValue(Form.TEXT)
            .withDescription("The format of each line: text, or JSON with every column.");

    public enum Shown {
        BOTH,
        ENRICHED_TRADES,
        DEAD_LETTERS
    }

    public enum From {
        LAST,
        BEGINNING,
        END
    }

    public enum Form {
        TEXT,
        JSON;

        /** @param schema of the enriched trades */
        RecordLine line(String deadLettersTopic, DatumReader enrichedTrades, Schema schema) {
            return this == TEXT
                    ? new TextLine(deadLettersTopic, enrichedTrades, schema)
                    : new JsonLine(deadLettersTopic, enrichedTrades, schema);
        }
    }

    private TailOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Tail", TailOptions.class));
    }
}
