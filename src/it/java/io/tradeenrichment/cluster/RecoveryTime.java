package io.tradeenrichment.cluster;

import static org.awaitility.Awaitility.await;

import io.tradeenrichment.WorkloadRun;
import java.time.Duration;
import java.util.concurrent.Callable;

/** The time from a fault until all tasks run again, and until a consumer reads more output. */
record RecoveryTime(Duration running, Duration output) {

    /** Stops a process, and may start it again. */
    interface Fault {
        void inject() throws Exception;
    }

    /** @param running polled; an exception counts as false, because the process that answers may be down */
    static RecoveryTime of(WorkloadRun workload, Fault fault, Callable<Boolean> running) throws Exception {
        long start = System.nanoTime();
        fault.inject();
        await().atMost(WorkloadRun.TIMEOUT).ignoreExceptions().until(running);
        Duration again = since(start);
        workload.awaitMoreOutput();
        return new RecoveryTime(again, since(start));
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
