package io.tradeenrichment.operations;

import java.time.Duration;
import java.util.function.Supplier;

/** The end of somebody's patience; between two looks at the cluster there is a pause. */
final class Deadline {
    private static final long PAUSE_MILLIS = 250;

    private final Duration patience;
    private final long nanos;

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
            throw new ClusterException(1, wanting.get() + " within " + patience.toMillis() / 1000.0 + " s", null);
        }
        pause();
    }

    static void pause() throws InterruptedException {
        Thread.sleep(PAUSE_MILLIS);
    }
}
