package io.tradeenrichment.settings;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.config.MissingRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** An option of every type, for what no option of the job shows. */
public final class SampleOptions {
    public static final ConfigOption<String> TITLE =
            key("sample.title").stringType().noDefaultValue().withDescription("A 100 % made-up title.");
    public static final ConfigOption<Integer> COUNT =
            key("sample.count").intType().defaultValue(1).withDescription("A count.");
    public static final ConfigOption<Long> TOTAL =
            key("sample.total").longType().defaultValue(1L).withDescription("A total.");
    public static final ConfigOption<Double> PART =
            key("sample.part").doubleType().defaultValue(0.5).withDescription("A part.");
    public static final ConfigOption<Boolean> SWITCH =
            key("sample.switch").booleanType().defaultValue(false).withDescription("A switch.");
    public static final ConfigOption<Duration> PAUSE = key("sample.pause")
            .durationType()
            .defaultValue(Duration.ofSeconds(90))
            .withDescription("A pause.");
    public static final ConfigOption<MemorySize> ROOM = key("sample.room")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(1))
            .withDescription("A size.");
    public static final ConfigOption<MissingRow> CHOICE = key("sample.choice")
            .enumType(MissingRow.class)
            .defaultValue(MissingRow.DROP)
            .withDescription("A choice.");
    public static final ConfigOption<List<String>> NAMES =
            key("sample.names").stringType().asList().defaultValues("a", "b").withDescription("Some names.");
    public static final ConfigOption<Map<String, String>> CLIENT =
            key("sample.client").mapType().defaultValue(Map.of()).withDescription("What a client is told.");
    public static final ConfigOption<String> PASSWORD =
            key("sample.password").stringType().defaultValue("changeme").withDescription("A secret.");

    private SampleOptions() {}

    static CommandDescription program() {
        return new CommandDescription(
                "bin/sample",
                "Shows what settings can be.",
                List.of(OptionGroup.of("Samples", SampleOptions.class)),
                List.of("--sample.count 5"));
    }
}
