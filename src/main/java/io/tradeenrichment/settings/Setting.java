package io.tradeenrichment.settings;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * An option, and what the option keeps to itself: the type of its values. So it knows how a value is read, written and
 * described to people.
 */
public final class Setting {
    private final ConfigOption<?> option;
    private final Class<?> type;
    private final Shape shape;
    private final Set<String> except;

    /** Whether the key holds one value, several, or a value for each of the keys below it. */
    public enum Shape {
        ONE,
        LIST,
        MAP
    }

    private Setting(ConfigOption<?> option, Class<?> type, Shape shape, Set<String> except) {
        this.option = option;
        this.type = type;
        this.shape = shape;
        this.except = except;
    }

    /** Learns the type from the constant's declaration: {@code ConfigOption<Duration>}, {@code ConfigOption<List<String>>}. */
    static Setting of(Field constant) {
        Excluding except = constant.getAnnotation(Excluding.class);
        Set<String> without = except == null ? Set.of() : Set.of(except.value());
        Type value = ((ParameterizedType) constant.getGenericType()).getActualTypeArguments()[0];
        ConfigOption<?> option;
        try {
            option = (ConfigOption<?>) constant.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(constant + " must be public, in a public class", e);
        }
        if (value instanceof ParameterizedType many) {
            if (many.getRawType() == Map.class) {
                return new Setting(option, String.class, Shape.MAP, without);
            }
            return new Setting(option, (Class<?>) many.getActualTypeArguments()[0], Shape.LIST, without);
        }
        return new Setting(option, (Class<?>) value, Shape.ONE, without);
    }

    public String key() {
        return option.key();
    }

    public Shape shape() {
        return shape;
    }

    public String description() {
        return new PlainTextFormatter().format(option.description());
    }

    /** The default as a user would write it; null if there is none. */
    @Nullable public String defaultText() {
        return option.hasDefaultValue() && shape != Shape.MAP ? written(option.defaultValue()) : null;
    }

    /** The kind of value, short: for a table or a command's synopsis. */
    public String kind() {
        String one = type.isEnum() ? String.join(" | ", choices()) : name();
        return switch (shape) {
            case ONE -> one;
            case LIST -> "list of " + one;
            case MAP -> "keys and values";
        };
    }

    /** What one value may be, to end a sentence with. */
    String taken() {
        if (type.isEnum()) {
            List<String> choices = choices();
            int last = choices.size() - 1;
            return String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
        }
        if (type == Duration.class) {
            return "a duration such as 500 ms, 30 s or 1 h";
        }
        if (type == MemorySize.class) {
            return "a size such as 512 kb or 1 mb";
        }
        if (type == Integer.class) {
            return "a whole number of at most " + Integer.MAX_VALUE;
        }
        if (type == Long.class) {
            return "a whole number";
        }
        if (type == Double.class) {
            return "a number such as 0.5";
        }
        return type == Boolean.class ? "true or false" : "text";
    }

    /**
     * Reads one value, as it stands in a file or on the command line.
     *
     * @throws IllegalArgumentException if it is not what {@link #taken} says
     */
    Object read(String text) {
        String bare = text.strip();
        if (type.isEnum()) {
            return constant(bare);
        }
        if (type == Duration.class) {
            return TimeUtils.parseDuration(bare);
        }
        if (type == MemorySize.class) {
            return MemorySize.parse(bare);
        }
        if (type == Integer.class) {
            return Integer.valueOf(bare);
        }
        if (type == Long.class) {
            return Long.valueOf(bare);
        }
        if (type == Double.class) {
            return Double.valueOf(bare);
        }
        if (type == Boolean.class) {
            return truth(bare);
        }
        return text;
    }

    /** Sets the value, which {@link #read} made of the text, or of each text in a list. */
    @SuppressWarnings("unchecked")
    void set(Configuration configuration, Object value) {
        configuration.set((ConfigOption<Object>) option, value);
    }

    /** The value in force, as a user would write it; null if there is none. */
    @Nullable String textIn(Configuration configuration) {
        Object value = configuration.getOptional(option).orElse(null);
        return value == null ? defaultText() : written(value);
    }

    Map<?, ?> mapIn(Configuration configuration) {
        Object value = configuration.getOptional(option).orElse(null);
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** A value as a user would write it. */
    static String written(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Setting::written).collect(Collectors.joining(", "));
        }
        if (value instanceof Enum<?> constant) {
            return constant.toString().equals(constant.name())
                    ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
                    : constant.toString();
        }
        if (value instanceof Duration duration) {
            return DurationText.of(duration);
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
        return String.valueOf(value);
    }

    private List<String> choices() {
        return constants()
                .filter(constant -> !except.contains(constant.name()))
                .map(Setting::written)
                .toList();
    }

    private Object constant(String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return constants()
                .filter(constant -> constant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private Stream<Enum<?>> constants() {
        return Arrays.stream(type.getEnumConstants()).map(constant -> (Enum<?>) constant);
    }

    private static Boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private String name() {
        if (type == Duration.class) {
            return "duration";
        }
        if (type == MemorySize.class) {
            return "size";
        }
        if (type == Boolean.class) {
            return "true | false";
        }
        return Number.class.isAssignableFrom(type) ? (type == Double.class ? "decimal" : "number") : "text";
    }
}
