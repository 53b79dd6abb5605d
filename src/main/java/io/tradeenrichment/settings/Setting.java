package io.tradeenrichment.settings;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ConfigOption} with the type of its values, which Flink's option keeps private. The setting of an
 * {@link OptionPattern} describes the settings of all its names.
 */
public final class Setting {
    private final ConfigOption<?> option;
    private final @Nullable OptionPattern<?> pattern;
    private final ValueType type;
    private final Shape shape;

    /** How many values a key holds. */
    public enum Shape {
        SINGLE,
        LIST,
        /** One value for each key below the setting's own. */
        MAP
    }

    private Setting(ConfigOption<?> option, @Nullable OptionPattern<?> pattern, ValueType type, Shape shape) {
        this.option = option;
        this.pattern = pattern;
        this.type = type;
        this.shape = shape;
    }

    /** Whether the constant is an option or a pattern of options. */
    static boolean isDeclaredBy(Field constant) {
        return Modifier.isStatic(constant.getModifiers())
                && (constant.getType() == ConfigOption.class || constant.getType() == OptionPattern.class);
    }

    /** Takes the type from the declaration of the constant, such as {@code ConfigOption<List<String>>}. */
    static Setting of(Field constant) {
        Object declared = valueOf(constant);
        OptionPattern<?> pattern = declared instanceof OptionPattern<?> some ? some : null;
        ConfigOption<?> option = pattern == null ? (ConfigOption<?>) declared : pattern.template();
        Excluding annotation = constant.getAnnotation(Excluding.class);
        Set<String> excluded = annotation == null ? Set.of() : Set.of(annotation.value());
        Type value = ((ParameterizedType) constant.getGenericType()).getActualTypeArguments()[0];
        if (!(value instanceof ParameterizedType collection)) {
            return new Setting(option, pattern, ValueType.of((Class<?>) value, excluded), Shape.SINGLE);
        }
        if (collection.getRawType() == Map.class) {
            return new Setting(option, pattern, ValueType.TEXT, Shape.MAP);
        }
        Class<?> element = (Class<?>) collection.getActualTypeArguments()[0];
        return new Setting(option, pattern, ValueType.of(element, excluded), Shape.LIST);
    }

    private static Object valueOf(Field constant) {
        try {
            return constant.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(constant + " must be public, in a public class", e);
        }
    }

    /** Whether the key has a placeholder. */
    boolean isPattern() {
        return pattern != null && pattern.hasPlaceholder();
    }

    /** The setting of one name, if the key is one of this pattern; otherwise null. */
    @Nullable Setting withKey(String key) {
        String name = pattern == null ? null : pattern.nameIn(key);
        return name == null ? null : withName(name);
    }

    /** This setting, or those of a pattern for the default names. */
    public List<Setting> forDefaultNames() {
        return forNamesIn(new Configuration());
    }

    /** This setting, or those of a pattern for the names in force. */
    List<Setting> forNamesIn(Configuration configuration) {
        return pattern == null
                ? List.of(this)
                : pattern.namesIn(configuration).stream().map(this::withName).toList();
    }

    private Setting withName(String name) {
        return new Setting(Objects.requireNonNull(pattern).of(name), pattern, type, shape);
    }

    /** The option that lists the names, if this setting belongs to a name that is not in the list; otherwise null. */
    @Nullable ConfigOption<List<String>> listWithoutName(Configuration configuration) {
        if (pattern == null) {
            return null;
        }
        String name = pattern.nameIn(key());
        return name == null || pattern.namesIn(configuration).contains(name) ? null : pattern.names();
    }

    /** A key of this setting below the prefix; null if there is none. */
    @Nullable String keyBelow(String prefix) {
        if (pattern != null) {
            return pattern.keyBelow(prefix);
        }
        return key().startsWith(prefix + ".") ? key() : null;
    }

    /** The key of this setting that a mistyped key may mean. */
    String similarKey(String mistyped) {
        return isPattern() ? Objects.requireNonNull(pattern).similarKey(mistyped) : key();
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
