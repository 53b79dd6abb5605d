package io.tradeenrichment;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** How long a fault was felt: until the job ran again, and until a consumer saw more output. */
record Recovery(Duration running, Duration output) {

    /** What brings a process down, and perhaps up again. */
    interface Fault {
        void happen() throws Exception;
    }

    /** @param running asked again if it fails: who answers may be the one that is down */
    static Recovery of(TradingDay day, Fault fault, Callable<Boolean> running) throws Exception {
        long start = System.nanoTime();
        fault.happen();
        await().atMost(TradingDay.PATIENCE).ignoreExceptions().until(running);
        Duration again = since(start);
        day.awaitMore();
        return new Recovery(again, since(start));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public String toString() {
        return String.format(
                "all tasks running after %.1f s, output after %.1f s",
                running.toMillis() / 1000.0, output.toMillis() / 1000.0);
    }
}
