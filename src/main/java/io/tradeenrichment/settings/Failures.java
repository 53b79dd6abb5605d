package io.tradeenrichment.settings;

/** Turns a throwable into one line of text for a message. */
public final class Failures {
    private Failures() {}

    /** The message, or the class name if the throwable has none. */
    public static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : oneLine(message);
    }

    /** The {@link #message} of the innermost cause: Flink and Kafka wrap the cause several times. */
    public static String rootCause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return message(root);
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
