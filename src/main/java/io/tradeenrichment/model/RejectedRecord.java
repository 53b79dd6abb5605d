package io.tradeenrichment.model;

/**
 * A source record that cannot be used, and that becomes a dead letter with its bytes unchanged.
 *
 * @param message one sentence: what was found, and where
 */
public record RejectedRecord(SourceRecord source, Reason reason, String message) {
    /** Longer messages are truncated: the content of a record must not make a dead letter arbitrarily large. */
    public static final int MAX_MESSAGE = 1000;

    public RejectedRecord {
        if (message.length() > MAX_MESSAGE) {
            int end = MAX_MESSAGE - 1;
            // Not within a surrogate pair: half of one cannot be encoded as UTF-8.
            message = message.substring(0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end) + "…";
        }
    }
}
