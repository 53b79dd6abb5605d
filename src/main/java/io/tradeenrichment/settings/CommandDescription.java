package io.tradeenrichment.settings;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;

/**
 * A command and the settings that it accepts.
 *
 * @param name as users type it, for example {@code deploy/embedded}
 * @param description one or two sentences
 * @param groups the settings, in the order of the help page
 * @param examples arguments without the command's name
 * @param hasTrailingArguments whether the command takes arguments after {@code --}, for another program
 */
public record CommandDescription(
        String name,
        String description,
        List<OptionGroup> groups,
        List<String> examples,
        boolean hasTrailingArguments) {
    private static final String BUILD = "/META-INF/maven/io.tradeenrichment/trade-enrichment/pom.properties";

    public CommandDescription {
        groups = List.copyOf(groups);
        examples = List.copyOf(examples);
    }

    /** A command without trailing arguments. */
    public CommandDescription(String name, String description, List<OptionGroup> groups, List<String> examples) {
        this(name, description, groups, examples, false);
    }

    List<OptionGroup> shownGroups() {
        return groups.stream().filter(group -> !group.shownSettings().isEmpty()).toList();
    }

    /** The version of the jar. */
    static String version() {
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
