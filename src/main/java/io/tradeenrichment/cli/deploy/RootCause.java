package io.tradeenrichment.cli.deploy;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the sentence for a user in a stack trace that Flink sends as text. */
final class RootCause {
    private static final Pattern SERVER_SIDE = Pattern.compile(
            "(?s)\\[?(?:.*<Exception on server side:\\R)?(.*?)(?:\\REnd of exception on server side>)?]?\\s*");
    /** An exception's class and message, which may have several lines. */
    private static final Pattern THROWN =
            Pattern.compile("(?ms)^(?:Caused by: )?(?:[\\w$]+\\.)+([\\w$]+)(?:: (.*?))?\\s*"
                    + "(?=^\\s+at |^\\s+\\.\\.\\. \\d|^Caused by: |\\z)");

    private static final Pattern OURS = Pattern.compile("^(?:Caused by: )?io\\.tradeenrichment\\.");
    /** Classes whose names add nothing to their messages. */
    private static final Set<String> GENERIC = Set.of(
            "Exception",
            "RuntimeException",
            "IOException",
            "UncheckedIOException",
            "IllegalStateException",
            "IllegalArgumentException",
            "CompletionException",
            "FlinkException",
            "FlinkRuntimeException",
            "KafkaException",
            "SerializedThrowable",
            "RestHandlerException");

    private RootCause() {}

    /** The message of the job's own exception if it is one of the causes, else of the innermost cause that has one. */
    static String in(String text) {
        Matcher error = SERVER_SIDE.matcher(text);
        String trace = error.matches() ? error.group(1) : text;
        String cause = trace.lines().findFirst().orElse("(no cause)");
        boolean hasMessage = false;
        Matcher thrown = THROWN.matcher(trace);
        while (thrown.find()) {
            String name = thrown.group(1);
            String message = thrown.group(2) == null ? "" : thrown.group(2).replaceAll("\\s*\\R\\s*", " ");
            if (!message.isBlank() && OURS.matcher(thrown.group()).find()) {
                return message;
            }
            if (!message.isBlank() || !hasMessage) {
                hasMessage |= !message.isBlank();
                cause = message.isBlank() ? name : GENERIC.contains(name) ? message : name + ": " + message;
            }
        }
        return cause;
    }
}
