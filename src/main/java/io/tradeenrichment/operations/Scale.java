package io.tradeenrichment.operations;

import java.io.IOException;

/** Whether a job can be spread over so many subtasks, asked before anything is stopped. */
final class Scale {
    private Scale() {}

    /** @throws IOException if its state cannot be spread so far, or the cluster has not so many slots */
    static void check(Session session, Current current, int parallelism) throws IOException, InterruptedException {
        int freed = 0;
        if (current.isRunning()) {
            RunningJob.Status status = current.job().status();
            freed = status.parallelism();
            if (parallelism > status.maxParallelism()) {
                throw new IOException("parallelism " + parallelism + " is more than " + status.maxParallelism()
                        + ", the job's max parallelism, which its state was cut by when it was first started. Nothing was"
                        + " changed");
            }
        }
        session.cluster().checkSlots(parallelism, freed);
    }
}
