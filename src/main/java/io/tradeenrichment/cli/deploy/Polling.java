package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.DurationText;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.api.common.time.Deadline;

/** Waits in the calling thread until a condition is true. The pause between polls grows from 10 ms to 500 ms. */
final class Polling {
    private Polling() {}

    /** What is polled. */
    interface Condition {
        boolean isTrue() throws IOException, InterruptedException;
    }

    /** Returns whether the condition became true in time. */
    static boolean isTrueWithin(Duration timeout, Condition condition) throws IOException, InterruptedException {
        Deadline deadline = Deadline.fromNow(timeout);
        for (long pauseMillis = 10; !condition.isTrue(); pauseMillis = Math.min(2 * pauseMillis, 500)) {
            if (deadline.isOverdue()) {
                return false;
            }
            Thread.sleep(pauseMillis);
        }
        return true;
    }

    /** @throws ClusterException if the condition does not become true in time, with what has not happened */
    static void require(Duration timeout, Condition condition, String missing)
            throws IOException, InterruptedException {
        if (!isTrueWithin(timeout, condition)) {
            String sentence = missing + " within " + DurationText.of(timeout);
            throw new ClusterException(ClusterException.Kind.UNANSWERED, sentence);
        }
    }
}
