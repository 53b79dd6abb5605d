package io.tradeenrichment.settings;

/** The text of {@code --help}: the usage, examples, and every key under its heading. */
final class HelpPage {
    private static final int WIDTH = 92;
    private static final String INDENT = "  ";

    private final CommandDescription command;
    private final StringBuilder page = new StringBuilder();

    private HelpPage(CommandDescription command) {
        this.command = command;
    }

    static String of(CommandDescription command) {
        return new HelpPage(command).text();
    }

    private String text() {
        paragraph("", command.description());
        heading("Usage");
        line(INDENT + command.name() + " [--config FILE] [--key value]..."
                + (command.hasTrailingArguments() ? " [-- SETTINGS OF THE JOB]" : ""));
        if (!command.examples().isEmpty()) {
            heading("Examples");
            command.examples().forEach(example -> line(INDENT + command.name() + " " + example));
        }
        heading("Options");
        option("--config FILE", "", "Reads keys from a YAML file. A key on the command line overrides the file.");
        option("--help", "", "Prints this page.");
        option("--version", "", "Prints the version.");
        for (OptionGroup group : command.shownGroups()) {
            heading(group.heading());
            group.shownSettings().forEach(this::setting);
        }
        return page.toString();
    }

    private void setting(Setting setting) {
        String type = setting.typeName().replace(" | ", "|").replace("list of text", "text,text,...");
        String value = setting.defaultText();
        option(
                "--" + setting.key() + (setting.shape() == Setting.Shape.MAP ? ".NAME text" : " " + type),
                value == null || value.isEmpty() ? "" : "default: " + value,
                setting.description());
    }

    private void option(String name, String note, String description) {
        int gap = note.isEmpty() ? 0 : Math.max(2, WIDTH - (INDENT + name + note).length());
        line(INDENT + name + " ".repeat(gap) + note);
        paragraph(INDENT.repeat(3), description);
    }

    private void heading(String heading) {
        line("");
        line(heading);
    }

    /** Breaks the text between words only: keys contain dots and hyphens. */
    private void paragraph(String indent, String text) {
        text.replaceAll("(.{1," + (WIDTH - indent.length()) + "})(\\s+|$)", "$1\n")
                .lines()
                .forEach(line -> line(indent + line));
    }

    private void line(String line) {
        page.append(line).append(System.lineSeparator());
    }
}
