package io.tradeenrichment.operations;

import org.jspecify.annotations.Nullable;

/**
 * A version that was started, and what became of it.
 *
 * @param number 1, 2, … in the order of the record
 * @param job its id on the cluster
 * @param from the savepoint or checkpoint it began with; null if it began empty
 * @param ran whether it was seen to run
 * @param stoppedWith the savepoint it was stopped with; null if it was not
 * @param failed why it was given up; null if it was not
 */
record Deployment(
        int number,
        String time,
        String job,
        Version version,
        @Nullable String from,
        boolean ran,
        @Nullable String stoppedWith,
        @Nullable String failed) {

    static Deployment begun(int number, String time, String job, Version version, @Nullable String from) {
        return new Deployment(number, time, job, version, from, false, null, null);
    }

    Deployment runs() {
        return new Deployment(number, time, job, version, from, true, stoppedWith, failed);
    }

    Deployment stopped(String savepoint) {
        return new Deployment(number, time, job, version, from, ran, savepoint, failed);
    }

    Deployment failed(String why) {
        return new Deployment(number, time, job, version, from, ran, stoppedWith, why);
    }

    /** Whether nothing is known of what became of it: the command that started it did not come to its end. */
    boolean isOpen() {
        return !ran && stoppedWith == null && failed == null;
    }

    /** For people. */
    String title() {
        return "deployment " + number + ", " + version;
    }
}
