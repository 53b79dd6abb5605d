package io.tradeenrichment.settings;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** A {@link ConfigOption} with the type of its values, which Flink's option keeps private. */
public final class Setting {
    private final ConfigOption<?> option;
    private final ValueType type;
    private final Shape shape;

    /** How many values a key holds. */
    public enum Shape {
        SINGLE,
        LIST,
        /** One value for each key below the setting's own. */
        MAP
    }

    private Setting(ConfigOption<?> option, ValueType type, Shape shape) {
        this.option = option;
        this.type = type;
        this.shape = shape;
    }

    /** Takes the type from the declaration of the constant, such as {@code ConfigOption<List<String>>}. */
    static Setting of(Field constant) {
        Excluding annotation = constant.getAnnotation(Excluding.class);
        Set<String> excluded = annotation == null ? Set.of() : Set.of(annotation.value());
        Type value = ((ParameterizedType) constant.getGenericType()).getActualTypeArguments()[0];
        if (!(value instanceof ParameterizedType collection)) {
            return new Setting(option(constant), ValueType.of((Class<?>) value, excluded), Shape.SINGLE);
        }
        if (collection.getRawType() == Map.class) {
            return new Setting(option(constant), ValueType.TEXT, Shape.MAP);
        }
        Class<?> element = (Class<?>) collection.getActualTypeArguments()[0];
        return new Setting(option(constant), ValueType.of(element, excluded), Shape.LIST);
    }

    private static ConfigOption<?> option(Field constant) {
        try {
            return (ConfigOption<?>) constant.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(constant + " must be public, in a public class", e);
        }
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

    /** The default as users write it; null if there is none. */
    @Nullable public String defaultText() {
        return option.hasDefaultValue() && shape != Shape.MAP ? ValueType.format(option.defaultValue()) : null;
    }

    /** The short name of the type, for a table or a synopsis. */
    public String typeName() {
        return switch (shape) {
            case SINGLE -> type.name();
            case LIST -> "list of " + type.name();
            case MAP -> "keys and values";
        };
    }

    ValueType type() {
        return type;
    }

    /** @param value a parsed value, a list of them, or a map of texts, as the shape requires */
    @SuppressWarnings("unchecked")
    void set(Configuration configuration, Object value) {
        configuration.set((ConfigOption<Object>) option, value);
    }

    /** The value or else the default, as users write it; null if there is neither. */
    @Nullable String textIn(Configuration configuration) {
        Object value = configuration.getOptional(option).orElse(null);
        return value == null ? defaultText() : ValueType.format(value);
    }

    Map<?, ?> mapIn(Configuration configuration) {
        return configuration.getOptional(option).orElse(null) instanceof Map<?, ?> map ? map : Map.of();
    }
}
