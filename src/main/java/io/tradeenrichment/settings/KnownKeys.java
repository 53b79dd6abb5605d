package io.tradeenrichment.settings;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** The keys that a command accepts. */
final class KnownKeys {
    /** The options that are not settings. */
    private static final List<String> OWN_KEYS = List.of("config", "help", "version");

    /** A key with at most this many edits may be meant, however short it is. */
    private static final int FEWEST_EDITS = 2;

    private final Map<String, Setting> settings = new LinkedHashMap<>();

    KnownKeys(List<OptionGroup> groups) {
        for (OptionGroup group : groups) {
            for (Setting setting : group.settings()) {
                if (settings.put(setting.key(), setting) != null) {
                    throw new IllegalArgumentException(setting.key() + " is declared twice");
                }
            }
        }
    }

    /** The setting with this key, or the map that this key is an entry of. A key of its own precedes a pattern. */
    @Nullable Setting find(String key) {
        Setting setting = settings.get(key);
        if (setting != null && !setting.isPattern()) {
            return setting;
        }
        Setting ofPattern = settings.values().stream()
                .map(pattern -> pattern.withKey(key))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (ofPattern != null) {
            return ofPattern;
        }
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            Setting above = settings.get(key.substring(0, dot));
            if (above != null) {
                return above.shape() == Setting.Shape.MAP ? above : null;
            }
        }
        return null;
    }

    boolean isPrefix(String text) {
        return !keysBelow(text).isEmpty();
    }

    /** The error for a key that cannot be set, with a suggestion. */
    SettingsException unknown(String key) {
        Setting setting = settings.get(key);
        if (setting != null && setting.isPattern()) {
            return new SettingsException(
                    key,
                    key + " needs a name in place of NAME, for example "
                            + setting.forDefaultNames().get(0).key());
        }
        if (setting != null) {
            return new SettingsException(key, key + " takes no value itself, but keys below it: " + key + ".NAME");
        }
        List<String> below = keysBelow(key);
        if (!below.isEmpty()) {
            return new SettingsException(key, key + " is not a key but a prefix of keys, for example " + below.get(0));
        }
        String similar = similarKey(key);
        return new SettingsException(
                key,
                key + " is not a known key; "
                        + (similar == null ? "--help lists all keys" : "did you mean " + similar + "?"));
    }

    /** The error for a key of a name that is not in the list of names; null for any other known key. */
    @Nullable SettingsException unlisted(String key, Configuration configuration) {
        Setting setting = find(key);
        ConfigOption<List<String>> names = setting == null ? null : setting.listWithoutName(configuration);
        if (names == null) {
            return null;
        }
        Stream<String> listed = settings.values().stream()
                .flatMap(known -> known.forNamesIn(configuration).stream())
                .map(Setting::key);
        String similar = closest(key, listed, FEWEST_EDITS);
        return new SettingsException(
                key,
                key + " is set, but its name is not in " + names.key()
                        + (similar == null
                                ? ", which has " + ValueType.format(configuration.get(names)) + "; add it there"
                                : "; did you mean " + similar + "?"));
    }

    private List<String> keysBelow(String prefix) {
        return settings.values().stream()
                .map(setting -> setting.keyBelow(prefix))
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable String similarKey(String key) {
        String text = key.toLowerCase(Locale.ROOT);
        Stream<String> known = settings.values().stream().map(setting -> setting.similarKey(text));
        return closest(key, Stream.concat(known, OWN_KEYS.stream()), Math.max(FEWEST_EDITS, text.length() / 3));
    }

    private static @Nullable String closest(String key, Stream<String> candidates, int mostEdits) {
        String text = key.toLowerCase(Locale.ROOT).replace('_', '-');
        return candidates
                .min(Comparator.comparingInt(candidate -> edits(text, candidate)))
                .filter(candidate -> edits(text, candidate) <= mostEdits)
                .orElse(null);
    }

    /** The Levenshtein distance; a missing prefix of the key counts as one edit. */
    private static int edits(String text, String key) {
        String candidate = key.replace('_', '-');
        if (text.length() > 3 && candidate.endsWith("." + text)) {
            return 1;
        }
        int[] row = IntStream.rangeClosed(0, candidate.length()).toArray();
        for (int i = 1; i <= text.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= candidate.length(); j++) {
                int replaced = diagonal + (text.charAt(i - 1) == candidate.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[candidate.length()];
    }
}
