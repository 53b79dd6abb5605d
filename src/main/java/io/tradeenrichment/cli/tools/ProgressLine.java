package io.tradeenrichment.cli.tools;

import java.io.PrintStream;
import java.util.Locale;

/** Says once a second what has been sent: on a terminal in one line that is written over, elsewhere in a line each. */
final class ProgressLine {
    private static final long EVERY_NANOS = 1_000_000_000;
    /** Where each line stays, as in a log. */
    private static final long EVERY_LOGGED_NANOS = 10_000_000_000L;

    private static final String ERASE = "\r\u001B[K";

    private final PrintStream out;
    /** Whoever starts the JVM knows whether its standard error is a terminal; Java does not. */
    private final boolean terminal = Boolean.getBoolean("trade-enrichment.terminal");

    private long lastNanos = System.nanoTime();
    private long lastTrades;

    ProgressLine(PrintStream out) {
        this.out = out;
    }

    void say(SendCounts sent) {
        long now = System.nanoTime();
        if (now - lastNanos < (terminal ? EVERY_NANOS : EVERY_LOGGED_NANOS)) {
            return;
        }
        String line = String.format(
                Locale.ROOT,
                "trades %,d  instruments %,d  users %,d  duplicates %,d  malformed %,d  %,.0f trades/s",
                sent.trades(),
                sent.instruments(),
                sent.users(),
                sent.duplicates(),
                sent.malformed(),
                (sent.trades() - lastTrades) * 1e9 / (now - lastNanos));
        lastNanos = now;
        lastTrades = sent.trades();
        if (terminal) {
            out.print(ERASE + line);
            out.flush();
        } else {
            out.println(line);
        }
    }

    /** Leaves the line to whatever is said next. */
    void end() {
        if (terminal) {
            out.print(ERASE);
            out.flush();
        }
    }
}
