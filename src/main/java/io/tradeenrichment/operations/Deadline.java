package io.tradeenrichment.operations;

import io.tradeenrichment.settings.DurationText;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The end of somebody's patience. Between two looks at the cluster there is a pause, the longer the more there have been: what
 * is soon done is soon seen, and what takes long is not asked for all the time. Of one thread.
 */
final class Deadline {
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Duration patience;
    private final long nanos;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    private Deadline(Duration patience) {
        this.patience = patience;
        this.nanos = System.nanoTime() + patience.toNanos();
    }

    static Deadline in(Duration patience) {
        return new Deadline(patience);
    }

    boolean isOver() {
        return System.nanoTime() - nanos >= 0;
    }

    /** @throws ClusterException with what is still wanting, if the time is over */
    void pause(Supplier<String> wanting) throws ClusterException, InterruptedException {
        if (isOver()) {
            throw ClusterException.late(wanting.get() + " within " + DurationText.of(patience));
        }
        pause();
    }

    void pause() throws InterruptedException {
        Thread.sleep(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
}
