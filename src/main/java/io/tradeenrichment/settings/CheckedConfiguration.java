package io.tradeenrichment.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/** Reads options and checks their ranges. Each error is a {@link SettingsException} that names the key. */
public final class CheckedConfiguration {
    // Durations are added to timestamps in microseconds; this bound rules out an overflow.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Configuration configuration;

    public CheckedConfiguration(Configuration configuration) {
        this.configuration = configuration;
    }

    /** @throws SettingsException if the option has neither a value nor a default */
    public <T> T get(ConfigOption<T> option) {
        T value;
        try {
            value = configuration.get(option);
        } catch (IllegalArgumentException e) {
            // Settings checks types; this configuration comes from elsewhere.
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

    public List<String> list(ConfigOption<List<String>> option) {
        return List.copyOf(get(option));
    }

    public long atLeast(long least, ConfigOption<Long> option) {
        long value = get(option);
        if (value < least) {
            throw error(option, value, "it must be at least " + least);
        }
        return value;
    }

    public long between(long least, long most, ConfigOption<Long> option) {
        long value = get(option);
        if (value < least || value > most) {
            throw error(option, value, "it must be from " + least + " to " + most);
        }
        return value;
    }

    public int between(int least, int most, ConfigOption<Integer> option) {
        int value = get(option);
        if (value < least || value > most) {
            String range = most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most;
            throw error(option, value, "it must be " + range);
        }
        return value;
    }

    /** A fraction from 0 to 1. */
    public double share(ConfigOption<Double> option) {
        double value = get(option);
        if (!(value >= 0 && value <= 1)) {
            throw error(option, value, "a share must be from 0 to 1");
        }
        return value;
    }

    /** Zero or more whole milliseconds, which is the resolution of Flink's timers. */
    public Duration duration(ConfigOption<Duration> option) {
        Duration value = get(option);
        if (value.isNegative()) {
            throw error(option, value, "a duration must not be negative");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw error(option, value, "it must be at most " + DurationText.of(LONGEST));
        }
        if (!value.equals(Duration.ofMillis(value.toMillis()))) {
            throw error(option, value, "it must be a whole number of milliseconds");
        }
        return value;
    }

    public Duration durationOfAtLeast(Duration least, ConfigOption<Duration> option) {
        Duration value = duration(option);
        if (value.compareTo(least) < 0) {
            throw error(option, value, "it must be at least " + DurationText.of(least));
        }
        return value;
    }

    /** A number of bytes that fits into one array. */
    public int arraySize(ConfigOption<MemorySize> option) {
        MemorySize value = get(option);
        if (value.getBytes() < 1 || value.getBytes() > Integer.MAX_VALUE) {
            throw error(option, value, "it must be at least 1 byte and less than 2 gb");
        }
        return (int) value.getBytes();
    }

    /**
     * Rejects a host name with an underscore, as Docker Compose services often have: {@link URI} does not parse it, and the
     * JDK's HTTP client cannot connect to it.
     */
    public static void rejectUnderscoreInHost(ConfigOption<?> option, URI url) {
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

    private static SettingsException error(ConfigOption<?> option, Object value, String rule) {
        return new SettingsException(option.key(), option.key() + " is " + ValueType.format(value) + ", but " + rule);
    }
}
