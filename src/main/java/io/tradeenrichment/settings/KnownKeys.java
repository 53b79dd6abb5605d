package io.tradeenrichment.settings;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys that a command accepts. */
final class KnownKeys {
    /** The options that are not settings. */
    private static final List<String> OWN_KEYS = List.of("config", "help", "version");

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

    private List<String> keysBelow(String prefix) {
        return settings.values().stream()
                .map(setting -> setting.keyBelow(prefix))
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable String similarKey(String key) {
        String lowerCase = key.toLowerCase(Locale.ROOT);
        String text = lowerCase.replace('_', '-');
        int mostEdits = Math.max(2, text.length() / 3);
        return Stream.concat(settings.values().stream().map(setting -> setting.similarKey(lowerCase)), OWN_KEYS.stream())
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
