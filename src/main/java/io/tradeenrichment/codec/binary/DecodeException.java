package io.tradeenrichment.codec.binary;

import io.tradeenrichment.model.Reason;

/** A record cannot be decoded. Has no stack trace: malformed records are data, and there may be many. */
public final class DecodeException extends Exception {
    private static final int MAX_LENGTH = 400;
    private final Reason reason;

    /**
     * @param message one sentence: what was found, where, in how many bytes. It may quote the record: line breaks and
     *     control characters are replaced, and more than 400 characters are cut.
     */
    public DecodeException(Reason reason, String message) {
        super(oneLine(message), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The message; unlike {@link #getMessage()} never null. */
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
