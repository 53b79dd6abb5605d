package io.tradeenrichment.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys a program takes: finds what a key means, and what one that means nothing was probably meant to be. */
final class KnownKeys {
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

    /** The setting of this very key, or the one that takes any key below its own. */
    @Nullable Setting find(String key) {
        Setting setting = settings.get(key);
        if (setting != null) {
            return setting;
        }
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            Setting above = settings.get(key.substring(0, dot));
            if (above != null) {
                return above.shape() == Setting.Shape.MAP ? above : null;
            }
        }
        return null;
    }

    /** Whether some key begins with these parts and goes on. */
    boolean goOnAfter(String beginning) {
        return !below(beginning).isEmpty();
    }

    /** Says that this key cannot be set, and what was probably meant. */
    SettingsException unknown(String key) {
        if (settings.containsKey(key)) {
            return new SettingsException(key, key + " takes no value itself, but keys below it: " + key + ".NAME");
        }
        List<String> below = below(key);
        if (!below.isEmpty()) {
            return new SettingsException(
                    key, key + " is not a key but the beginning of some, for example " + below.get(0));
        }
        String meant = nearest(key);
        return new SettingsException(
                key,
                key + " is not a known key; "
                        + (meant == null ? "--help lists those that are" : "did you mean " + meant + "?"));
    }

    private List<String> below(String beginning) {
        return settings.keySet().stream()
                .filter(key -> key.startsWith(beginning + "."))
                .toList();
    }

    private @Nullable String nearest(String key) {
        List<String> candidates = new ArrayList<>(settings.keySet());
        candidates.addAll(Arguments.OWN_KEYS);
        String plain = plain(key);
        String nearest = null;
        int distance = Math.max(2, plain.length() / 3) + 1;
        for (String candidate : candidates) {
            // A key that lacks its beginning is as good as one letter wrong.
            int from = plain.length() > 3 && plain(candidate).endsWith("." + plain)
                    ? 1
                    : distance(plain, plain(candidate));
            if (from < distance) {
                distance = from;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Levenshtein: how many letters to add, drop or change. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
