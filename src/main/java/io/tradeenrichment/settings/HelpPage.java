package io.tradeenrichment.settings;

import picocli.CommandLine.Help.Ansi;

/** What {@code --help} prints: how to start, a few examples, then every key under its heading. */
final class HelpPage {
    private static final int WIDTH = 92;
    private static final String INDENT = "  ";

    private final CommandDescription program;
    private final StringBuilder page = new StringBuilder();

    HelpPage(CommandDescription program) {
        this.program = program;
    }

    String text(Ansi ansi) {
        paragraph("", program.description());
        heading("Usage");
        line(INDENT + program.name() + " [--config FILE] [--key value]..."
                + (program.passesOn() ? " [-- SETTINGS OF THE JOB]" : ""));
        if (!program.examples().isEmpty()) {
            heading("Examples");
            program.examples().forEach(example -> line(INDENT + program.name() + " " + example));
        }
        heading("Options");
        option("--config FILE", "", "Reads keys from a YAML file. A key on the command line wins over the file.");
        option("--help", "", "Prints this page.");
        option("--version", "", "Prints the version.");
        for (OptionGroup group : program.shownGroups()) {
            heading(group.heading());
            group.settings().forEach(this::setting);
        }
        return ansi.string(page.toString());
    }

    private void setting(Setting setting) {
        String fallback = setting.defaultText();
        String name = setting.shape() == Setting.Shape.MAP
                ? "--" + setting.key() + ".NAME text"
                : "--" + setting.key() + " "
                        + setting.kind().replace(" | ", "|").replace("list of text", "text,text,...");
        option(name, fallback == null || fallback.isEmpty() ? "" : "default: " + fallback, setting.description());
    }

    private void option(String name, String note, String description) {
        int key = name.indexOf(' ');
        String styled = key < 0 ? bold(name) : bold(name.substring(0, key)) + name.substring(key);
        if (note.isEmpty()) {
            line(INDENT + styled);
        } else {
            int gap = Math.max(2, WIDTH - INDENT.length() - name.length() - note.length());
            line(INDENT + styled + " ".repeat(gap) + note);
        }
        paragraph(INDENT.repeat(3), description);
    }

    private void heading(String heading) {
        page.append(System.lineSeparator());
        line("@|bold,underline " + heading + "|@");
    }

    private static String bold(String text) {
        return "@|bold " + text + "|@";
    }

    private void paragraph(String indent, String text) {
        TextWrap.lines(text, WIDTH - indent.length()).forEach(line -> line(indent + line));
    }

    private void line(String line) {
        page.append(line).append(System.lineSeparator());
    }
}
