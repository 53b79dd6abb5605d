package io.tradeenrichment.settings;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;

/**
 * Settings under one heading, in the order of their declaration. A command accepts hidden settings but does not use or show
 * them, so that one file serves several commands.
 */
public final class OptionGroup {
    private final String heading;
    private final List<Setting> settings;
    private final Predicate<Setting> shown;

    private OptionGroup(String heading, List<Setting> settings, Predicate<Setting> shown) {
        this.heading = heading;
        this.settings = List.copyOf(settings);
        this.shown = shown;
    }

    /**
     * The public {@link ConfigOption} and {@link OptionPattern} constants of a public class.
     *
     * @param prefixes of the keys; all keys if there are none
     */
    public static OptionGroup of(String heading, Class<?> holder, String... prefixes) {
        List<Setting> settings = new ArrayList<>();
        for (Field field : holder.getFields()) {
            if (Setting.isDeclaredBy(field)) {
                Setting setting = Setting.of(field);
                if (prefixes.length == 0 || hasPrefix(setting, prefixes)) {
                    settings.add(setting);
                }
            }
        }
        if (settings.isEmpty()) {
            throw new IllegalArgumentException(holder.getName() + " has no options for the group " + heading);
        }
        return new OptionGroup(heading, settings, setting -> true);
    }

    /** The same group with all settings hidden. */
    public OptionGroup hidden() {
        return new OptionGroup(heading, settings, setting -> false);
    }

    /** The same group with all settings hidden except those whose keys begin with one of the prefixes. */
    public OptionGroup showing(String... prefixes) {
        return new OptionGroup(heading, settings, setting -> hasPrefix(setting, prefixes));
    }

    private static boolean hasPrefix(Setting setting, String... prefixes) {
        return Stream.of(prefixes).anyMatch(setting.key()::startsWith);
    }

    public String heading() {
        return heading;
    }

    public List<Setting> settings() {
        return settings;
    }

    List<Setting> shownSettings() {
        return settings.stream().filter(shown).toList();
    }
}
