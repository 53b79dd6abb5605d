package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The rule for tickers and usernames: what a person sees is all there is. A name that is blank, or differs from another
 * by a character that nobody sees, joins correctly and is read wrongly.
 */
final class NameText {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private NameText() {}

    /**
     * @param field for the sentence
     * @throws DecodeException with {@link Reason#INVALID_ROW} if the text is empty or blank, begins or ends with a blank or a
     *     joiner, or holds a control character, a format character or a line separator
     */
    static void check(String text, String field) throws DecodeException {
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
                        field + " holds " + shown(c) + ", a " + kind + ", as character "
                                + (text.codePointCount(0, at) + 1) + " of " + text.codePointCount(0, text.length()));
            }
            blank &= isInvisible(c);
            at += Character.charCount(c);
        }
        int first = text.codePointAt(0);
        int last = text.codePointBefore(text.length());
        if (blank) {
            throw new DecodeException(
                    Reason.INVALID_ROW, field + " is blank: nothing but " + shown(first) + " and the like");
        }
        if (isInvisible(first) || isInvisible(last)) {
            boolean begins = isInvisible(first);
            throw new DecodeException(
                    Reason.INVALID_ROW,
                    field + (begins ? " begins with " + shown(first) : " ends with " + shown(last))
                            + ", which nobody sees; write it without");
        }
    }

    private static @Nullable String forbidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> "control character";
            // Among them all that turn the direction of the writing. Joiners belong to some scripts and to emoji.
            case Character.FORMAT -> c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER ? null : "format character";
            case Character.LINE_SEPARATOR -> "line separator";
            case Character.PARAGRAPH_SEPARATOR -> "paragraph separator";
            default -> null;
        };
    }

    private static boolean isInvisible(int c) {
        return switch (c) {
            case ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER -> true;
            // Letters and symbols by their category that have no shape: Hangul fillers, the empty Braille pattern.
            case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800 -> true;
            default -> Character.isSpaceChar(c);
        };
    }

    private static String shown(int c) {
        return String.format("U+%04X", c);
    }
}
