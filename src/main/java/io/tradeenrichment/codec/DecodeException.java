package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;

/** Says that bytes are not what they should be. Carries no stack trace: bad bytes are data, and may be many. */
public final class DecodeException extends Exception {
    private static final int MAX_LENGTH = 400;
    private final Reason reason;

    /**
     * @param message one sentence for people: what was found, where, out of how much. It may cite the record: what
     *     would break a line of a log is replaced, and what is too long for a header is cut.
     */
    public DecodeException(Reason reason, String message) {
        super(oneLine(message), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The sentence; never null, unlike {@link #getMessage()} by its type. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    private static String oneLine(String message) {
        StringBuilder line = new StringBuilder(Math.min(message.length(), MAX_LENGTH));
        for (int i = 0; i < message.length(); i++) {
            if (line.length() == MAX_LENGTH - 1) {
                return line.append('…').toString();
            }
            char c = message.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return line.toString();
    }
}
