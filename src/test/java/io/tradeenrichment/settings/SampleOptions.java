package io.tradeenrichment.settings;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** An option of every type. */
public final class SampleOptions {
    public static final ConfigOption<String> TITLE =
            key("sample.title").stringType().noDefaultValue().withDescription("A 100 % made-up title.");
    public static final ConfigOption<Integer> COUNT =
            key("sample.count").intType().defaultValue(1).withDescription("A count.");
    public static final ConfigOption<Long> TOTAL =
            key("sample.total").longType().defaultValue(1L).withDescription("A total.");
    public static final ConfigOption<Double> FRACTION =
            key("sample.fraction").doubleType().defaultValue(0.5).withDescription("A fraction.");
    public static final ConfigOption<Boolean> SWITCH =
            key("sample.switch").booleanType().defaultValue(false).withDescription("A switch.");
    public static final ConfigOption<MemorySize> SIZE = key("sample.size")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(1))
            .withDescription("A size.");
    public static final ConfigOption<Color> COLOR =
            key("sample.color").enumType(Color.class).defaultValue(Color.RED).withDescription("A choice.");

    @Excluding("RED")
    public static final ConfigOption<Color> SHADE = key("sample.shade")
            .enumType(Color.class)
            .defaultValue(Color.GREEN)
            .withDescription("A choice without one constant.");

    public static final ConfigOption<Period> PERIOD = key("sample.period")
            .enumType(Period.class)
            .defaultValue(Period.DAY)
            .withDescription("A choice with names of its own.");
    public static final ConfigOption<List<String>> NAMES =
            key("sample.names").stringType().asList().defaultValues("a", "b").withDescription("Some names.");
    public static final ConfigOption<Map<String, String>> CLIENT =
            key("sample.client").mapType().defaultValue(Map.of()).withDescription("Properties of a client.");
    public static final ConfigOption<String> PASSWORD =
            key("sample.password").stringType().defaultValue("changeme").withDescription("A secret.");
    public static final ConfigOption<Duration> TIMEOUT = key("wait.poll.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(90))
            .withDescription("A description that is longer than one line of the help page, so that it is broken"
                    + " between words, never within a key such as wait.poll.timeout or sample.names.");

    /** A choice. */
    public enum Color {
        RED,
        GREEN,
        DARK_BLUE
    }

    /** A choice whose constants have names of their own in settings. */
    public enum Period {
        DAY("per_day"),
        HOUR("per_hour");

        private final String title;

        Period(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private SampleOptions() {}

    static CommandDescription command() {
        return new CommandDescription(
                "bin/sample",
                "Accepts settings of every type.",
                List.of(
                        OptionGroup.of("Samples", SampleOptions.class, "sample."),
                        OptionGroup.of("Wait", SampleOptions.class, "wait.")),
                List.of("--sample.count 5"));
    }
}
