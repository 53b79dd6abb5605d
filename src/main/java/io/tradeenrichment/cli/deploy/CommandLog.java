package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.terminal.Interrupt;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Prints each step before it is taken, and its result below. After Ctrl-C it prints the state of the job and how to continue,
 * and no step begins any more.
 */
final class CommandLog implements AutoCloseable {
    private String again = "The same command again";
    private String state = "Nothing was changed.";
    private boolean isPending;
    private boolean isInterrupted;
    // The last field: from here on an interrupt can come.
    private final Interrupt interrupt = Interrupt.endingWith(this::interrupted);

    /** @param command that continues after an interrupt, if it is not the same command */
    synchronized void continueWith(String command) {
        again = command;
    }

    synchronized void step(String sentence) {
        print(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  " + sentence);
    }

    synchronized void detail(String sentence) {
        print(" ".repeat(10) + sentence);
    }

    /** The command may end here: a job runs as the sentence states, or none was started. */
    synchronized void done(String sentence) {
        waitIfInterrupted();
        isPending = false;
        state = sentence;
    }

    /** From this step on it is not certain that a job runs, as the sentence states. */
    synchronized void step(String step, String sentence) {
        step(step);
        isPending = true;
        state = sentence + " " + again + " continues from there.";
    }

    synchronized Optional<String> pending() {
        return isPending ? Optional.of(state) : Optional.empty();
    }

    private void print(String line) {
        waitIfInterrupted();
        System.out.println(line);
        System.out.flush();
    }

    private synchronized void interrupted() {
        System.out.println();
        step("Interrupted. " + state);
        isInterrupted = true;
    }

    /** The printed state must stay true until the JVM has ended. */
    private void waitIfInterrupted() {
        while (isInterrupted) {
            try {
                wait();
            } catch (InterruptedException e) {
                // The JVM is ending.
            }
        }
    }

    @Override
    public void close() {
        interrupt.close();
    }
}
