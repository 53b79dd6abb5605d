package io.tradeenrichment.operations;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in a stack trace, as Flink sends it, the one sentence that a person needs. */
final class RootCause {
    private static final Pattern THROWN = Pattern.compile("(?:Caused by: )?((?:[\\w$]+\\.)+[\\w$]+)(?:: (.*))?");
    private static final Pattern FRAME = Pattern.compile("\\s+(at .*|\\.\\.\\. \\d+ more)");
    private static final String OURS = "io.tradeenrichment.";
    /** What they say is in their message; their name says nothing. */
    private static final Set<String> SPEECHLESS = Set.of(
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
            "RestHandlerException",
            "SettingsException");

    private RootCause() {}

    private record Thrown(String type, String message) {
        String sentence() {
            String name = type.substring(type.lastIndexOf('.') + 1);
            if (message.isBlank()) {
                return name;
            }
            return SPEECHLESS.contains(name) ? message : name + ": " + message;
        }
    }

    /**
     * The job's own exception, if one is among the causes: it was written to be read. Otherwise the innermost that says
     * anything.
     */
    static String in(String stackTrace) {
        List<Thrown> causes = causes(stackTrace);
        for (Thrown cause : causes) {
            if (cause.type().startsWith(OURS) && !cause.message().isBlank()) {
                return cause.message();
            }
        }
        for (int i = causes.size() - 1; i >= 0; i--) {
            if (!causes.get(i).message().isBlank()) {
                return causes.get(i).sentence();
            }
        }
        return causes.isEmpty()
                ? stackTrace.strip().lines().findFirst().orElse("(nothing was said)")
                : causes.get(causes.size() - 1).sentence();
    }

    /** From the outermost to the innermost; a message may go on over several lines. */
    private static List<Thrown> causes(String stackTrace) {
        List<Thrown> causes = new ArrayList<>();
        boolean inMessage = false;
        for (String line : stackTrace.lines().toList()) {
            Matcher thrown = THROWN.matcher(line);
            if (thrown.matches() && (causes.isEmpty() || line.startsWith("Caused by: "))) {
                causes.add(new Thrown(thrown.group(1), thrown.group(2) == null ? "" : thrown.group(2)));
                inMessage = true;
            } else if (FRAME.matcher(line).matches()) {
                inMessage = false;
            } else if (inMessage && !line.isBlank()) {
                Thrown last = causes.remove(causes.size() - 1);
                causes.add(new Thrown(last.type(), (last.message() + " " + line.strip()).strip()));
            }
        }
        return causes;
    }
}
