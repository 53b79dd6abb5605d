package io.tradeenrichment.cli.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the sentence for a user in a stack trace that Flink sends as text. */
final class RootCause {
    private static final Pattern SERVER_SIDE = Pattern.compile(
            "(?s)\\[?(?:.*<Exception on server side:\\R)?(.*?)(?:\\REnd of exception on server side>)?]?\\s*");
    /** An exception's class and message, which may have several lines. */
    private static final Pattern THROWN = Pattern.compile("(?ms)^(?:Caused by: )?((?:[\\w$]+\\.)+)([\\w$]+)(?:: (.*?))?"
            + "\\s*(?=^\\s+at |^\\s+\\.\\.\\. \\d|^Caused by: |\\z)");
    /** Classes whose names add nothing to their messages. */
    private static final Pattern GENERIC =
            Pattern.compile("(Runtime|IO|UncheckedIO|IllegalState|IllegalArgument|Completion"
                    + "|Flink|FlinkRuntime|Kafka|RestHandler)?Exception|SerializedThrowable");

    private RootCause() {}

    /** The message of the job's own exception if it is one of the causes, else of the innermost cause that has one. */
    static String in(String text) {
        Matcher error = SERVER_SIDE.matcher(text);
        String trace = error.matches() ? error.group(1) : text;
        String cause = trace.lines().findFirst().orElse("(no cause)");
        boolean hasMessage = false;
        Matcher thrown = THROWN.matcher(trace);
        while (thrown.find()) {
            String name = thrown.group(2);
            String message = thrown.group(3) == null ? "" : thrown.group(3).replaceAll("\\s*\\R\\s*", " ");
            if (message.isBlank()) {
                cause = hasMessage ? cause : name;
            } else if (thrown.group(1).startsWith("io.tradeenrichment.")) {
                return message;
            } else {
                hasMessage = true;
                cause = GENERIC.matcher(name).matches() ? message : name + ": " + message;
            }
        }
        return cause;
    }
}
