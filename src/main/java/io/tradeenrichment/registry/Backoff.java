package io.tradeenrichment.registry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Exponential backoff up to ten seconds, with random jitter so that the subtasks do not retry at the same time. */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration MAX = Duration.ofSeconds(10);

    private long millis = FIRST.toMillis();

    Duration next() {
        long whole = millis;
        millis = Math.min(2 * whole, MAX.toMillis());
        return Duration.ofMillis(whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1));
    }

    void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(next().toMillis());
    }
}
