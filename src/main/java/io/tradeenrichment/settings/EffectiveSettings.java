package io.tradeenrichment.settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** The value in force of every shown key, with secrets redacted. A pattern has one key for each name in force. */
final class EffectiveSettings {
    private static final int WIDEST_COLUMN = 40;

    private final Configuration configuration;
    private final List<OptionGroup> groups;

    EffectiveSettings(Configuration configuration, List<OptionGroup> groups) {
        this.configuration = configuration;
        this.groups = groups;
    }

    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        groups.forEach(group -> values.putAll(values(group)));
        return values;
    }

    /** One line for each key, with its origin if the user set it. */
    String listing(Map<String, RawSetting> given) {
        int keyWidth = width(values().keySet());
        int valueWidth = width(values().values());
        var listing = new StringBuilder();
        for (OptionGroup group : groups) {
            listing.append(group.heading()).append(System.lineSeparator());
            values(group).forEach((key, value) -> {
                RawSetting setting = given.get(key);
                String line = String.format("  %-" + keyWidth + "s = %-" + valueWidth + "s", key, value);
                String origin = setting == null ? "" : "  (" + setting.origin().name() + ")";
                listing.append((line + origin).stripTrailing()).append(System.lineSeparator());
            });
        }
        return listing.toString();
    }

    private Map<String, String> values(OptionGroup group) {
        Map<String, String> values = new LinkedHashMap<>();
        List<Setting> settings = group.shownSettings().stream()
                .flatMap(setting -> setting.forNamesIn(configuration).stream())
                .toList();
        for (Setting setting : settings) {
            if (setting.shape() == Setting.Shape.MAP) {
                setting.mapIn(configuration).forEach((name, value) -> {
                    String key = setting.key() + "." + name;
                    values.put(key, Redaction.of(key, String.valueOf(value)));
                });
            } else {
                String value = setting.textIn(configuration);
                values.put(setting.key(), value == null ? "(not set)" : Redaction.of(setting.key(), value));
            }
        }
        return values;
    }

    /** Longer texts do not widen the column. */
    private static int width(Collection<String> texts) {
        return texts.stream()
                .mapToInt(String::length)
                .filter(width -> width <= WIDEST_COLUMN)
                .reduce(1, Math::max);
    }
}
