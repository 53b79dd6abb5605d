package io.tradeenrichment.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;

/**
 * The type of a single value: how users see, read and write it.
 *
 * @param name short, for a table or a synopsis
 * @param allowedValues the end of the sentence "the key takes ..."
 * @param parser throws IllegalArgumentException or ArithmeticException for a text that is not an allowed value
 */
record ValueType(String name, String allowedValues, Function<String, Object> parser) {
    static final ValueType TEXT = new ValueType("text", "text", text -> text);

    private static final Map<Class<?>, ValueType> TYPES = Map.of(
            String.class, TEXT,
            Duration.class,
                    new ValueType("duration", "a duration such as 500 ms, 30 s or 1 h", TimeUtils::parseDuration),
            MemorySize.class, new ValueType("size", "a size such as 512 kb or 1 mb", MemorySize::parse),
            Integer.class, new ValueType("number", "a whole number of at most " + Integer.MAX_VALUE, Integer::valueOf),
            Long.class, new ValueType("number", "a whole number", Long::valueOf),
            Double.class, new ValueType("decimal", "a number such as 0.5", Double::valueOf),
            Boolean.class, new ValueType("true | false", "true or false", ValueType::parseBoolean));

    /** @param excluded names of enum constants that are not offered to users */
    static ValueType of(Class<?> type, Set<String> excluded) {
        ValueType known = type.isEnum() ? choice(type, excluded) : TYPES.get(type);
        if (known == null) {
            throw new IllegalArgumentException("settings cannot have values of " + type);
        }
        return known;
    }

    private static ValueType choice(Class<?> type, Set<String> excluded) {
        List<Enum<?>> constants = Arrays.stream(type.getEnumConstants())
                .<Enum<?>>map(constant -> (Enum<?>) constant)
                .toList();
        List<String> choices = constants.stream()
                .filter(constant -> !excluded.contains(constant.name()))
                .map(ValueType::format)
                .toList();
        int last = choices.size() - 1;
        return new ValueType(
                String.join(" | ", choices),
                String.join(", ", choices.subList(0, last)) + " or " + choices.get(last),
                text -> parseConstant(constants, text));
    }

    Object parse(String text) {
        return parser.apply(equals(TEXT) ? text : text.strip());
    }

    /** A value as users write it in settings. */
    static String format(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(ValueType::format).collect(Collectors.joining(", "));
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

    private static Enum<?> parseConstant(List<Enum<?>> constants, String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return constants.stream()
                .filter(constant -> constant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static Boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
