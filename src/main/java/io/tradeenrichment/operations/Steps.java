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
    private volatile boolean nothingRuns;

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

    /** What to say if the command is broken off from now on. */
    void stands(String sentence) {
        nothingRuns = false;
        standing = sentence;
    }

    /** From now on no job runs; what to say if the command is broken off or fails. */
    void nothingRuns(String sentence) {
        nothingRuns = true;
        standing = "Nothing runs; " + sentence;
    }

    /** How things stand if no job runs. */
    Optional<String> nothingRuns() {
        return nothingRuns ? Optional.of(standing) : Optional.empty();
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
