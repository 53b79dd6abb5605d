package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.DurationText;
import java.io.IOException;
import java.time.Duration;

/** Deadline for a polling loop of one thread. The pause between polls grows from 10 ms to 500 ms. */
final class PollDeadline {
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Duration timeout;
    private final long endNanos;
    private long pauseMillis = 10;

    PollDeadline(Duration timeout) {
        this.timeout = timeout;
        this.endNanos = System.nanoTime() + timeout.toNanos();
    }

    /** What is polled. */
    interface Condition {
        boolean isTrue() throws IOException, InterruptedException;
    }

    boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    void pause() throws InterruptedException {
        Thread.sleep(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    /** Polls until the condition is true. Returns false at the deadline. */
    boolean waitFor(Condition condition) throws IOException, InterruptedException {
        while (!condition.isTrue()) {
            if (isOver()) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** @throws ClusterException of kind TIMEOUT at the deadline, with what has not happened */
    void require(Condition condition, String missing) throws IOException, InterruptedException {
        if (!waitFor(condition)) {
            throw new ClusterException(ClusterException.Kind.TIMEOUT, missing + " within " + DurationText.of(timeout));
        }
    }
}
