package io.tradeenrichment.operations;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Says each step before it is taken, with the time, and what comes of it below. If the command is broken off, says where
 * things stand and how to go on: an operator must never have to guess.
 */
final class Steps implements AutoCloseable {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final String INDENT = " ".repeat(10);

    private final PrintStream out;
    private final Thread hook = new Thread(this::brokenOff, "on-interrupt");
    private volatile String standing = "Nothing was changed.";
    private volatile boolean settled = true;

    Steps(PrintStream out) {
        this.out = out;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void step(String sentence) {
        out.printf("%s  %s%n", LocalTime.now(ZoneId.systemDefault()).format(CLOCK), sentence);
        out.flush();
    }

    void say(String sentence) {
        out.println(INDENT + sentence);
        out.flush();
    }

    /** From now on what ran before runs, or what was wanted; what to say if the command is broken off. */
    void settled(String sentence) {
        settled = true;
        standing = sentence;
    }

    /** From now on no job runs for certain; what to say if the command is broken off or fails. */
    void unsettled(String sentence) {
        settled = false;
        standing = sentence;
    }

    /** How things stand, if no job runs for certain. */
    Optional<String> unsettled() {
        return settled ? Optional.empty() : Optional.of(standing);
    }

    private void brokenOff() {
        out.println();
        step("Broken off. " + standing);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It was broken off just now.
        }
    }
}
