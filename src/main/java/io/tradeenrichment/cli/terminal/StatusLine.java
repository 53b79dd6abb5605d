package io.tradeenrichment.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;

/** A line of progress: on a terminal each text replaces the last one, in a log each has a line of its own. */
public final class StatusLine {
    private static final String ERASE = "\r\u001B[K";

    private final PrintStream out;
    /** Java cannot find out whether standard error is a terminal; the script that starts the JVM can. */
    private final boolean terminal = Boolean.getBoolean("trade-enrichment.terminal");

    private final long intervalNanos;
    private long lastNanos = System.nanoTime();

    /**
     * @param onTerminal the time between two texts on a terminal
     * @param inLog the time between two lines in a log
     */
    public StatusLine(PrintStream out, Duration onTerminal, Duration inLog) {
        this.out = out;
        this.intervalNanos = (terminal ? onTerminal : inLog).toNanos();
    }

    /** The seconds since the last text, if the next one is due; otherwise 0. */
    public double secondsIfDue() {
        long elapsed = System.nanoTime() - lastNanos;
        return elapsed < intervalNanos ? 0 : elapsed / 1e9;
    }

    public void show(String text) {
        lastNanos = System.nanoTime();
        if (terminal) {
            out.print(ERASE + text);
            out.flush();
        } else {
            out.println(text);
        }
    }

    /** Erases the line, so that other output starts at its beginning. */
    public void clear() {
        if (terminal) {
            out.print(ERASE);
            out.flush();
        }
    }
}
