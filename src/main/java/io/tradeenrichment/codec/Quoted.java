package io.tradeenrichment.codec;

import org.jspecify.annotations.Nullable;

/** Text out of a record, fit to be shown to people: in quotes, as in JSON. */
public final class Quoted {
    private static final int LONGEST = 400;

    private Quoted() {}

    /**
     * Whatever the text is, it cannot end its quotes, break the line, command a terminal, turn the direction of the
     * writing or fill the screen: what would is escaped, and what is longer than a name or a sentence is cut.
     */
    public static String text(@Nullable Object text) {
        if (text == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder().append('"');
        text.toString().codePoints().limit(LONGEST).forEach(c -> append(quoted, c));
        boolean cut = text.toString().codePoints().skip(LONGEST).findAny().isPresent();
        return quoted.append(cut ? "…\"" : "\"").toString();
    }

    private static void append(StringBuilder quoted, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> {
                for (char unit : Character.toChars(c)) {
                    quoted.append(String.format("\\u%04X", (int) unit));
                }
            }
            default -> {
                if (c == '"' || c == '\\') {
                    quoted.append('\\');
                }
                quoted.appendCodePoint(c);
            }
        }
    }
}
