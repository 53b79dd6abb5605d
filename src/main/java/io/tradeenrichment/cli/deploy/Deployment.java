package io.tradeenrichment.cli.deploy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One start of a version of the job, and its state. The states are those of the Flink Kubernetes operator.
 *
 * @param job its JobID
 * @param restoredFrom the savepoint or checkpoint that it was started from; null for empty state
 * @param since when the state was reached, as ISO-8601
 * @param lastState what the next deployment restores; null if the job has not ended, if this is unknown, or for empty state
 * @param failure why the deployment failed; null if it did not
 */
record Deployment(
        int number,
        String job,
        Version version,
        @Nullable String restoredFrom,
        State state,
        String since,
        @Nullable String lastState,
        @Nullable String failure) {

    /**
     * What a deployment runs.
     *
     * @param sha256 of the jar, in hexadecimal
     * @param settings of the job, as its arguments give them
     */
    record Version(String jar, String sha256, Map<String, String> settings, int parallelism) {
        List<String> arguments() {
            return settings.entrySet().stream()
                    .flatMap(setting -> Stream.of("--" + setting.getKey(), setting.getValue()))
                    .toList();
        }

        @Override
        public String toString() {
            return jar + " (sha256 " + sha256.substring(0, 12) + ") at parallelism " + parallelism;
        }
    }

    enum State {
        /** Recorded, immediately before main is run on the cluster. The job may or may not be submitted. */
        CREATED,
        DEPLOYED,
        /** Every task was RUNNING: the job may complete checkpoints and commit output. */
        RUNNING,
        /** It ran without a failure for {@code verify.for} and completed a checkpoint. */
        STABLE,
        FAILED,
        ROLLED_BACK
    }

    static Deployment created(int number, String job, Version version, @Nullable String restoredFrom) {
        return new Deployment(number, job, version, restoredFrom, State.CREATED, now(), null, null);
    }

    Deployment at(State reached) {
        return new Deployment(number, job, version, restoredFrom, reached, now(), lastState, failure);
    }

    Deployment ended(@Nullable String path) {
        return new Deployment(number, job, version, restoredFrom, state, since, path, failure);
    }

    Deployment failed(String why, @Nullable String path) {
        return new Deployment(number, job, version, restoredFrom, State.FAILED, now(), path, why);
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

    /** A state for the user. */
    static String text(@Nullable String state) {
        return state == null ? "empty state" : state;
    }
}
