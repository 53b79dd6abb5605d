package io.tradeenrichment.registry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How long to wait before asking again: twice as long each time, up to ten seconds, of which the second half is left to
 * chance, so that all subtasks do not come back at the same moment.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofSeconds(10);

    private long millis = FIRST.toMillis();

    /** The next wait. */
    Duration next() {
        long whole = millis;
        millis = Math.min(2 * whole, LONGEST.toMillis());
        return Duration.ofMillis(whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1));
    }

    void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(next().toMillis());
    }
}
