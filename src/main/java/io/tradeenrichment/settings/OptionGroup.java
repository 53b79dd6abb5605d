package io.tradeenrichment.settings;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;

/** Options that stand together under a heading, in the order in which their class declares them. */
public final class OptionGroup {
    private final String heading;
    private final List<Setting> settings;
    private final boolean shown;

    private OptionGroup(String heading, List<Setting> settings, boolean shown) {
        this.heading = heading;
        this.settings = List.copyOf(settings);
        this.shown = shown;
    }

    /**
     * Takes a public class's public {@link ConfigOption} constants: all of them, or those whose keys begin with one of
     * the prefixes.
     */
    public static OptionGroup of(String heading, Class<?> holder, String... prefixes) {
        List<Setting> settings = new ArrayList<>();
        for (Field field : holder.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                Setting setting = Setting.of(field);
                if (prefixes.length == 0 || Stream.of(prefixes).anyMatch(setting.key()::startsWith)) {
                    settings.add(setting);
                }
            }
        }
        if (settings.isEmpty()) {
            throw new IllegalArgumentException(holder.getName() + " has no options for the group " + heading);
        }
        return new OptionGroup(heading, settings, true);
    }

    /**
     * The same options for a program that has no use for them: it takes them, so that one file can serve it and others,
     * but neither reads nor shows them.
     */
    public OptionGroup unused() {
        return new OptionGroup(heading, settings, false);
    }

    /**
     * The same options in two parts for a program that has a use for some: those whose keys begin with one of the
     * prefixes, and the rest, which it only lets pass.
     */
    public Stream<OptionGroup> usedFor(String... prefixes) {
        Map<Boolean, List<Setting>> parts = settings.stream()
                .collect(
                        Collectors.partitioningBy(setting -> Stream.of(prefixes).anyMatch(setting.key()::startsWith)));
        return parts.entrySet().stream()
                .sorted(Map.Entry.<Boolean, List<Setting>>comparingByKey().reversed())
                .map(part -> new OptionGroup(heading, part.getValue(), shown && part.getKey()));
    }

    boolean isShown() {
        return shown;
    }

    public String heading() {
        return heading;
    }

    public List<Setting> settings() {
        return settings;
    }
}
