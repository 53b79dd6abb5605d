package io.tradeenrichment.settings;

import java.util.List;
import java.util.function.BiFunction;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * An option for each name in a list that is itself an option. The key has the placeholder {@code NAME}, for example
 * {@code dimensions.NAME.field}; the default may depend on the name. A pattern without the placeholder is one option, whose
 * default depends on the first name.
 */
public final class OptionPattern<T> {
    private static final String PLACEHOLDER = "NAME";

    private final String key;
    private final ConfigOption<List<String>> names;
    private final BiFunction<ConfigOptions.OptionBuilder, String, ConfigOption<T>> factory;

    private OptionPattern(
            String key,
            ConfigOption<List<String>> names,
            BiFunction<ConfigOptions.OptionBuilder, String, ConfigOption<T>> factory) {
        this.key = key;
        this.names = names;
        this.factory = factory;
    }

    /**
     * @param names the option that lists the names, and has a default
     * @param factory completes the option of a name; for the help page, the name is the placeholder
     */
    public static <T> OptionPattern<T> of(
            String key,
            ConfigOption<List<String>> names,
            BiFunction<ConfigOptions.OptionBuilder, String, ConfigOption<T>> factory) {
        return new OptionPattern<>(key, names, factory);
    }

    /** Whether the text can be a name: a lower-case letter, then lower-case letters, digits and underscores. */
    public static boolean isName(String text) {
        return text.matches("[a-z][a-z0-9_]*");
    }

    /** @throws IllegalArgumentException if the text cannot be a name */
    public ConfigOption<T> of(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name in " + key);
        }
        return option(name);
    }

    public String key() {
        return key;
    }

    ConfigOption<List<String>> names() {
        return names;
    }

    /** The names in force, without those that cannot be one. */
    List<String> namesIn(Configuration configuration) {
        return configuration.get(names).stream()
                .filter(OptionPattern::isName)
                .distinct()
                .limit(hasPlaceholder() ? Long.MAX_VALUE : 1)
                .toList();
    }

    boolean hasPlaceholder() {
        return key.contains(PLACEHOLDER);
    }

    /** The option that the help page shows for all names. */
    ConfigOption<T> template() {
        return option(hasPlaceholder() ? PLACEHOLDER : names.defaultValue().get(0));
    }

    /** The name in a key of this pattern; null for another key. */
    @Nullable String nameIn(String candidate) {
        return nameIn(candidate, key);
    }

    /** A key of this pattern below the prefix; null if there is none. */
    @Nullable String keyBelow(String prefix) {
        if (key.startsWith(prefix + ".")) {
            return key;
        }
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
            String name = nameIn(prefix, key.substring(0, dot));
            if (name != null) {
                return keyOf(name);
            }
        }
        return null;
    }

    /** The key that a mistyped key may mean. In a key with fewer parts than this one, the first parts are missing. */
    String similarKey(String mistyped) {
        List<String> parts = List.of(key.split("\\."));
        List<String> typed = List.of(mistyped.split("\\."));
        int place = (int)
                parts.stream().takeWhile(part -> !part.contains(PLACEHOLDER)).count();
        int typedPlace = place - Math.max(0, parts.size() - typed.size());
        if (typedPlace < 0 || typedPlace >= typed.size()) {
            return key;
        }
        String part = typed.get(typedPlace).replace('-', '_');
        String name = nameIn(part, parts.get(place));
        String likely = name == null ? part : name;
        return isName(likely) ? keyOf(likely) : key;
    }

    private ConfigOption<T> option(String name) {
        return factory.apply(ConfigOptions.key(keyOf(name)), name);
    }

    private String keyOf(String name) {
        return key.replace(PLACEHOLDER, name);
    }

    private static @Nullable String nameIn(String text, String pattern) {
        int start = pattern.indexOf(PLACEHOLDER);
        if (start < 0) {
            return null;
        }
        String after = pattern.substring(start + PLACEHOLDER.length());
        int end = text.length() - after.length();
        if (end <= start || !text.startsWith(pattern.substring(0, start)) || !text.endsWith(after)) {
            return null;
        }
        String name = text.substring(start, end);
        return isName(name) ? name : null;
    }
}
