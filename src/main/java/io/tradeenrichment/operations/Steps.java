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
    private String standing = "Nothing was changed.";
    private boolean settled = true;
    private boolean isBrokenOff;

    Steps(PrintStream out) {
        this.out = out;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized void step(String sentence) {
        endIfBrokenOff();
        out.printf("%s  %s%n", LocalTime.now(ZoneId.systemDefault()).format(CLOCK), sentence);
        out.flush();
    }

    synchronized void say(String sentence) {
        endIfBrokenOff();
        out.println(INDENT + sentence);
        out.flush();
    }

    /** From now on what ran before runs, or what was wanted; what to say if the command is broken off. */
    synchronized void settled(String sentence) {
        endIfBrokenOff();
        settled = true;
        standing = sentence;
    }

    /** From now on no job runs for certain; what to say if the command is broken off or fails. */
    synchronized void unsettled(String sentence) {
        endIfBrokenOff();
        settled = false;
        standing = sentence;
    }

    /** How things stand, if no job runs for certain. */
    synchronized Optional<String> unsettled() {
        return settled ? Optional.empty() : Optional.of(standing);
    }

    private synchronized void brokenOff() {
        out.println();
        step("Broken off. " + standing);
        isBrokenOff = true;
    }

    /** What was said last must stay true: nothing is done any more in the moment that is left. */
    private void endIfBrokenOff() {
        while (isBrokenOff) {
            try {
                wait();
            } catch (InterruptedException e) {
                // The JVM is ending.
            }
        }
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
