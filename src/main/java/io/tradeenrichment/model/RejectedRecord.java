package io.tradeenrichment.model;

/**
 * A record that cannot be enriched, on its way to the dead letters with its bytes untouched.
 *
 * @param message one sentence for people: what was found, and where
 */
public record RejectedRecord(SourceRecord received, Reason reason, String message) {
    /** Longer messages are cut: what a writer put into a record must not grow what we write without bound. */
    public static final int MAX_MESSAGE = 1000;

    public RejectedRecord {
        if (message.length() > MAX_MESSAGE) {
            int end = MAX_MESSAGE - 1;
            // Not between the halves of one character: a half cannot be written as UTF-8.
            message = message.substring(0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end) + "…";
        }
    }
}
