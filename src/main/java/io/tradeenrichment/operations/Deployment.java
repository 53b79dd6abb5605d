package io.tradeenrichment.operations;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version that was started, and what became of it.
 *
 * @param number 1, 2, … in the order of the record
 * @param job its id on the cluster
 * @param from the savepoint or checkpoint it began with; null if it began empty
 * @param stage how far it is known to have come
 * @param since when it was known to have come so far
 * @param stoppedWith where it ended, and what comes after it goes on: a savepoint or checkpoint; null if it has not ended,
 *     or nobody knows
 * @param failed why it was given up; null if it was not
 */
record Deployment(
        int number,
        String time,
        String job,
        Version version,
        @Nullable String from,
        Stage stage,
        Instant since,
        @Nullable String stoppedWith,
        @Nullable String failed) {

    /** In this order. */
    enum Stage {
        /** Only the record knows of it. */
        BEGUN,
        /** The cluster was asked to run the jar's main, which may or may not come to submit the job. */
        ASKED,
        /** The job is there. */
        SUBMITTED,
        /** Every task was seen to run: it may complete checkpoints, and commit output with them. */
        RAN,
        /** It was watched, and held. */
        VERIFIED
    }

    static Deployment begun(int number, String time, String job, Version version, @Nullable String from) {
        return new Deployment(number, time, job, version, from, Stage.BEGUN, Instant.parse(time), null, null);
    }

    Deployment at(Stage reached, Instant when) {
        return new Deployment(number, time, job, version, from, reached, when, stoppedWith, failed);
    }

    Deployment stopped(String state) {
        return new Deployment(number, time, job, version, from, stage, since, state, failed);
    }

    Deployment failed(String why) {
        return new Deployment(number, time, job, version, from, stage, since, stoppedWith, why);
    }

    boolean isVerified() {
        return stage == Stage.VERIFIED;
    }

    /** Whether nothing is known of its end: it may still run. */
    boolean isOpen() {
        return stoppedWith == null && failed == null;
    }

    /** For people. */
    String title() {
        return "deployment " + number + ", " + version;
    }
}
