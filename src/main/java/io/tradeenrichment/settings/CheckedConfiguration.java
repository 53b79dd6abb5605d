package io.tradeenrichment.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/** Reads options and holds each against its rule; every refusal is a {@link SettingsException} that names the key. */
public final class CheckedConfiguration {
    // Timestamps are counted in microseconds and added to these: a bound far from any overflow.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Configuration configuration;

    public CheckedConfiguration(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The value; the option must have a default or be set. */
    public <T> T get(ConfigOption<T> option) {
        T value;
        try {
            value = configuration.get(option);
        } catch (IllegalArgumentException e) {
            // Only where the configuration was not read by Settings, which knows what each key takes.
            throw new SettingsException(option.key(), option.key() + " has a value of the wrong type");
        }
        if (value == null) {
            throw new SettingsException(option.key(), option.key() + " is not set, and has no default");
        }
        return value;
    }

    public boolean isSet(ConfigOption<?> option) {
        return configuration.contains(option);
    }

    public List<String> texts(ConfigOption<List<String>> option) {
        return List.copyOf(get(option));
    }

    public long atLeast(long least, ConfigOption<Long> option) {
        long value = get(option);
        if (value < least) {
            throw refused(option, value, "it must be at least " + least);
        }
        return value;
    }

    public long between(long least, long most, ConfigOption<Long> option) {
        long value = get(option);
        if (value < least || value > most) {
            throw refused(option, value, "it must be from " + least + " to " + most);
        }
        return value;
    }

    public int between(int least, int most, ConfigOption<Integer> option) {
        int value = get(option);
        if (value < least || value > most) {
            throw refused(
                    option,
                    value,
                    most == Integer.MAX_VALUE
                            ? "it must be at least " + least
                            : "it must be from " + least + " to " + most);
        }
        return value;
    }

    /** A part of a whole, 0 to 1. */
    public double share(ConfigOption<Double> option) {
        double value = get(option);
        if (!(value >= 0 && value <= 1)) {
            throw refused(option, value, "a share must be from 0 to 1");
        }
        return value;
    }

    /** Zero, or whole milliseconds: Flink's timers know nothing finer. */
    public Duration duration(ConfigOption<Duration> option) {
        Duration value = get(option);
        if (value.isNegative()) {
            throw refused(option, value, "a duration must not be negative");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw refused(option, value, "it must be at most " + DurationText.of(LONGEST));
        }
        if (!value.equals(Duration.ofMillis(value.toMillis()))) {
            throw refused(option, value, "it must be a whole number of milliseconds");
        }
        return value;
    }

    public Duration durationOfAtLeast(Duration least, ConfigOption<Duration> option) {
        Duration value = duration(option);
        if (value.compareTo(least) < 0) {
            throw refused(option, value, "it must be at least " + DurationText.of(least));
        }
        return value;
    }

    /** A size that fits into one byte array. */
    public int arraySize(ConfigOption<MemorySize> option) {
        MemorySize value = get(option);
        if (value.getBytes() < 1 || value.getBytes() > Integer.MAX_VALUE) {
            throw refused(option, value, "it must be at least 1 byte and less than 2 gb");
        }
        return (int) value.getBytes();
    }

    /**
     * Refuses a host name with an underscore, which the JDK's HTTP client cannot connect to: to {@link URI} it is no host.
     * Names of Docker Compose's services often have one.
     */
    public static void refuseUnderscoreInHost(ConfigOption<?> option, URI url) {
        String authority = url.getRawAuthority();
        if (url.getHost() != null || authority == null) {
            return;
        }
        String host = authority.substring(authority.lastIndexOf('@') + 1).replaceFirst(":\\d*$", "");
        if (host.contains("_")) {
            throw new SettingsException(
                    option.key(),
                    option.key() + " has an underscore in the host name " + host
                            + ", which a URL does not allow; use a name without underscores, such as a network alias, or"
                            + " the host's IP address");
        }
    }

    private static SettingsException refused(ConfigOption<?> option, Object value, String rule) {
        return new SettingsException(option.key(), option.key() + " is " + Setting.written(value) + ", but " + rule);
    }
}
