package io.tradeenrichment.cli.tools;

import io.tradeenrichment.cli.terminal.StatusLine;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows what has been sent: every second on a terminal, every ten seconds in a log. */
final class SendProgress {
    private final StatusLine line;
    private long lastTrades;

    SendProgress(PrintStream out) {
        this.line = new StatusLine(out, Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    void show(SendCounts sent) {
        double seconds = line.secondsIfDue();
        if (seconds == 0) {
            return;
        }
        StringBuilder rows = new StringBuilder();
        sent.rows().forEach((title, count) -> rows.append(String.format(Locale.ROOT, "%s %,d  ", title, count)));
        line.show(String.format(
                Locale.ROOT,
                "trades %,d  %sduplicates %,d  malformed %,d  %,.0f trades/s",
                sent.trades(),
                rows,
                sent.duplicates(),
                sent.malformed(),
                (sent.trades() - lastTrades) / seconds));
        lastTrades = sent.trades();
    }

    /** Erases the line, so that other output starts at its beginning. */
    void clear() {
        line.clear();
    }
}
