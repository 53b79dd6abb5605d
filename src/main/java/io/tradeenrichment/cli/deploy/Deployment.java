package io.tradeenrichment.cli.deploy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One start of a job version, and its state. The states are those of the Flink Kubernetes operator.
 *
 * @param number 1, 2, … in the order of the record
 * @param created when it was recorded, as ISO-8601
 * @param job its JobID
 * @param restoredFrom the savepoint or checkpoint that it was started from; null for empty state
 * @param since when the state was reached, as ISO-8601
 * @param lastState the savepoint or checkpoint that the next deployment restores; null if the job has not ended, or if this
 *     is unknown
 * @param failure why the deployment failed; null if it did not
 */
record Deployment(
        int number,
        String created,
        String job,
        JobVersion version,
        @Nullable String restoredFrom,
        State state,
        String since,
        @Nullable String lastState,
        @Nullable String failure) {

    enum State {
        /** Recorded, immediately before main is run on the cluster. The job may or may not be submitted. */
        CREATED,
        /** The job is on the cluster. */
        DEPLOYED,
        /** Every task was RUNNING: the job may complete checkpoints and commit output. */
        RUNNING,
        /** It ran without a failure for {@code verify.for} and completed a checkpoint. */
        STABLE,
        /** It was refused, or failed before it was stable. */
        FAILED,
        /** It failed, and the version before it runs again. */
        ROLLED_BACK
    }

    static Deployment created(int number, String job, JobVersion version, @Nullable String restoredFrom) {
        String now = now();
        return new Deployment(number, now, job, version, restoredFrom, State.CREATED, now, null, null);
    }

    Deployment at(State reached) {
        return new Deployment(number, created, job, version, restoredFrom, reached, now(), lastState, failure);
    }

    Deployment ended(String path) {
        return new Deployment(number, created, job, version, restoredFrom, state, since, path, failure);
    }

    Deployment failed(String why) {
        return new Deployment(number, created, job, version, restoredFrom, State.FAILED, now(), lastState, why);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    boolean wasStable() {
        return state == State.STABLE;
    }

    /** Whether its end is not recorded: the job may still run. */
    boolean mayRun() {
        return lastState == null && failure == null;
    }

    String title() {
        return "deployment " + number + ", " + version;
    }
}
