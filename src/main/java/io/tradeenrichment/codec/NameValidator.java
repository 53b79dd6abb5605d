package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Validates text that its schema declares visible, such as tickers and usernames. Two names that differ only in an invisible
 * character look the same to a person.
 */
final class NameValidator {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private NameValidator() {}

    /**
     * @param field for the message
     * @throws DecodeException with {@link Reason#INVALID_ROW} if the text is empty or blank, starts or ends with a blank or a
     *     joiner, or contains a control character, a format character or a line separator
     */
    static void validate(String text, String field) throws DecodeException {
        if (text.isEmpty()) {
            throw new DecodeException(Reason.INVALID_ROW, field + " is empty");
        }
        boolean blank = true;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            String kind = forbidden(c);
            if (kind != null) {
                throw new DecodeException(
                        Reason.INVALID_ROW,
                        field + " contains " + shown(c) + ", a " + kind + ", as character "
                                + (text.codePointCount(0, at) + 1) + " of " + text.codePointCount(0, text.length()));
            }
            blank &= isInvisible(c);
            at += Character.charCount(c);
        }
        int first = text.codePointAt(0);
        int last = text.codePointBefore(text.length());
        if (blank) {
            throw new DecodeException(
                    Reason.INVALID_ROW,
                    field + " is blank: it consists of invisible characters such as " + shown(first));
        }
        if (isInvisible(first) || isInvisible(last)) {
            boolean starts = isInvisible(first);
            throw new DecodeException(
                    Reason.INVALID_ROW,
                    field + (starts ? " starts with " + shown(first) : " ends with " + shown(last))
                            + ", which is invisible; remove it");
        }
    }

    private static @Nullable String forbidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> "control character";
            // Includes those that change the writing direction. Some scripts and emoji need joiners.
            case Character.FORMAT -> c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER ? null : "format character";
            case Character.LINE_SEPARATOR -> "line separator";
            case Character.PARAGRAPH_SEPARATOR -> "paragraph separator";
            default -> null;
        };
    }

    private static boolean isInvisible(int c) {
        return switch (c) {
            case ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER -> true;
            // Letters and symbols without a glyph: Hangul fillers, the empty Braille pattern.
            case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800 -> true;
            default -> Character.isSpaceChar(c);
        };
    }

    private static String shown(int c) {
        return String.format("U+%04X", c);
    }
}
