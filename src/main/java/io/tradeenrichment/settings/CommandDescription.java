package io.tradeenrichment.settings;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;

/**
 * What can be started, and with which settings.
 *
 * @param name as a user calls it, for example {@code bin/embedded}
 * @param description one or two sentences
 * @param groups the settings it takes, in the order in which people see them
 * @param examples arguments worth showing, without the name
 * @param passesOn whether what follows {@code --} is another program's, and not looked at here
 */
public record CommandDescription(
        String name, String description, List<OptionGroup> groups, List<String> examples, boolean passesOn) {
    private static final String BUILD = "/META-INF/maven/io.tradeenrichment/trade-enrichment/pom.properties";

    public CommandDescription {
        groups = List.copyOf(groups);
        examples = List.copyOf(examples);
    }

    /** One that takes settings, and nothing behind them. */
    public CommandDescription(String name, String description, List<OptionGroup> groups, List<String> examples) {
        this(name, description, groups, examples, false);
    }

    /** The groups that the program has a use for. */
    List<OptionGroup> shownGroups() {
        return groups.stream().filter(OptionGroup::isShown).toList();
    }

    /** The version that the jar was built as; classes outside a jar have none. */
    public static String version() {
        try (InputStream in = CommandDescription.class.getResourceAsStream(BUILD)) {
            var build = new Properties();
            if (in != null) {
                build.load(in);
            }
            return build.getProperty("version", "(not from a jar)");
        } catch (IOException e) {
            return "(unreadable)";
        }
    }
}
