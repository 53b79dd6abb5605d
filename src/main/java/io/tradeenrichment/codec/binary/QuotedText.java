package io.tradeenrichment.codec.binary;

import org.jspecify.annotations.Nullable;

/** Quotes text from a record for messages and for display, as JSON does. */
public final class QuotedText {
    private static final int MAX_LENGTH = 400;

    private QuotedText() {}

    /** Escapes quotes, line breaks and characters that control a terminal or the writing direction; cuts long text. */
    public static String of(@Nullable Object text) {
        if (text == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder().append('"');
        text.toString().codePoints().limit(MAX_LENGTH).forEach(c -> append(quoted, c));
        boolean cut = text.toString().codePoints().skip(MAX_LENGTH).findAny().isPresent();
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
