package io.tradeenrichment.operations;

import io.tradeenrichment.config.CommandFailure;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a version in the place of the one that runs: stops the one with a savepoint, starts the other from it, sees that it
 * runs, and goes back if it does not. Each starts from the last state that the one before it has completed, and output is
 * committed with that state: between the two there is neither a gap nor a repetition.
 */
final class Changeover {
    /** Where the command itself, given again, goes on. */
    static final String SAME_AGAIN = "The same command again";

    private static final String RETENTION = "execution.checkpointing.externalized-checkpoint-retention";
    private static final String RETAINED = "RETAIN_ON_CANCELLATION";
    private static final String INTERVAL = "execution.checkpointing.interval";

    private final SessionCluster cluster;
    private final Session session;
    private final DeploymentRecord record;
    private final OperationsConfig.Savepoints savepoints;
    private final Steps steps;
    private final Start start;
    private final Current current;
    private final Deployment old;
    private final String again;

    /** @param again what a person does to go on if it is broken off, to begin a sentence with */
    Changeover(Session session, Current current, String again) {
        this.session = session;
        this.current = current;
        this.again = again;
        this.cluster = session.cluster();
        this.record = session.record();
        this.savepoints = session.config().savepoints();
        this.steps = session.steps();
        this.start = new Start(session);
        // What ended without having held is nothing to go back to.
        this.old = current.isRunning() ? current.deployment() : lastThatHeld(current.deployment());
    }

    private Deployment lastThatHeld(Deployment from) {
        return record.latestFirst().stream()
                .filter(deployment -> deployment.number() <= from.number() && deployment.isVerified())
                .findFirst()
                .orElse(from);
    }

    /**
     * Whether the next version can take the place of the current one, as far as can be told before anything is stopped.
     *
     * @throws IOException if a jar of the two is gone, the state cannot be spread so far, slots are wanting, or what the
     *     next version completes would be lost if it had to be given up
     */
    void check(Version next) throws IOException, InterruptedException {
        record.jars().find(next.jar());
        record.jars().find(old.version().jar());
        int freed = 0;
        if (current.isRunning()) {
            RunningJob.Status status = current.job().status();
            freed = status.parallelism();
            if (next.parallelism() > status.maxParallelism()) {
                throw new IOException("parallelism " + next.parallelism() + " is more than " + status.maxParallelism()
                        + ", the job's max parallelism, which its state was cut by when it was first started. Nothing was"
                        + " changed");
            }
        }
        cluster.checkSlots(next.parallelism(), freed);
        boolean makesCheckpoints = cluster.setting(INTERVAL).isPresent();
        if (makesCheckpoints
                && !cluster.setting(RETENTION).filter(RETAINED::equals).isPresent()) {
            throw new IOException(
                    "the cluster deletes a job's checkpoints when it is cancelled: if the new version had to"
                            + " be given up, there would be nothing to go on from. Nothing was changed; set "
                            + RETENTION + ": "
                            + RETAINED + " in the cluster's settings, as conf/flink.yaml does");
        }
    }

    /**
     * What is wanted runs already. If the command that started it was broken off, it is watched now.
     *
     * @throws IOException if it was seen to hold before: nothing is to be done; or if it does not hold, and what ran before
     *     runs again
     */
    void confirm() throws IOException, InterruptedException {
        Deployment deployment = current.deployment();
        if (deployment.isVerified()) {
            throw new IOException("nothing is to be changed: " + deployment.title() + " runs, with these settings");
        }
        steps.step("Goes on with " + deployment.title() + ", whose start was broken off");
        Deployment before = lastThatHeld(deployment);
        if (before.equals(deployment)) {
            start.verify(deployment, Map.of());
        } else {
            watch(deployment, Beginning.with(deployment.from()), new Return(before, null));
        }
        steps.step("It runs");
    }

    /**
     * Stops what runs, in good order.
     *
     * @return what comes next begins with
     * @throws IOException if it could not be stopped; it then goes on as before
     */
    Beginning stop() throws IOException, InterruptedException {
        Deployment deployment = current.deployment();
        if (!current.isRunning()) {
            steps.step("Nothing runs: " + deployment.title() + " has ended before");
            return ended(current.state(), Map.of());
        }
        RunningJob job = current.job();
        steps.step("Stops " + deployment.title() + ", job " + job.id() + ", with a savepoint");
        steps.stands("The job " + job.id() + " was asked to stop with a savepoint, and will. " + again
                + " goes on from there; deploy/rollback starts it again.");
        String savepoint;
        try {
            savepoint = job.stop(savepoints);
        } catch (ClusterException e) {
            return stoppedOtherwise(e);
        }
        record.stopped(deployment, savepoint);
        Beginning next = ended(savepoint, Map.of());
        job.awaitEnd(savepoints.timeout());
        Map<String, Long> totals = job.totals();
        steps.say("its totals are " + totals);
        return new Beginning(next.state(), false, totals);
    }

    /** The savepoint failed. If the job has ended all the same, so it be: where it was is known as exactly. */
    private Beginning stoppedOtherwise(ClusterException why) throws IOException, InterruptedException {
        RunningJob job = current.job();
        if (why.isUnanswered() || why.isLate()) {
            throw new IOException(
                    why.getMessage() + ". The job " + job.id()
                            + " was asked to stop with a savepoint, and may still do it. " + again
                            + " goes on from what has become of it",
                    why);
        }
        boolean hasEnded = job.find().map(RunningJob.Status::hasEnded).orElse(true);
        if (!hasEnded) {
            throw new SavepointException(
                    "it could not be stopped with a savepoint: " + why.getMessage() + ". Nothing was changed, the job "
                            + job.id() + " is " + job.status().state(),
                    why);
        }
        steps.say("it has ended otherwise: " + why.getMessage());
        return ended(current.deployment());
    }

    /** Says that a job runs on since no savepoint of it could be written. */
    private static final class SavepointException extends IOException {
        SavepointException(String sentence, Throwable cause) {
            super(sentence, cause);
        }
    }

    /**
     * Stops what runs. If it is in no state to write a savepoint, cancels it: its last complete checkpoint is as exact, for
     * what it wrote after that was never committed.
     */
    Beginning stopOrCancel() throws IOException, InterruptedException {
        try {
            return stop();
        } catch (SavepointException e) {
            steps.say(String.valueOf(e.getMessage()));
            if (!current.job().keepsCheckpoints()) {
                throw new IOException(
                        "the job " + current.job().id() + " cannot write a savepoint, and cancelled, it would lose its"
                                + " checkpoints (" + RETENTION + "). Nothing was changed",
                        e);
            }
            cancel(current.job());
            return ended(current.deployment());
        }
    }

    private void cancel(RunningJob job) throws IOException, InterruptedException {
        steps.step("Cancels the job " + job.id());
        job.cancel(savepoints.timeout());
    }

    /** Of a job that has ended in any way. */
    private Beginning ended(Deployment deployment) throws IOException, InterruptedException {
        steps.nothingRuns(deployment.title() + ", job " + deployment.job() + ", has ended. " + again
                + " goes on from where it was; deploy/rollback starts what ran.");
        String state = CommittedState.of(session, deployment);
        if (state != null) {
            record.stopped(deployment, state);
        }
        return ended(state, Map.of());
    }

    private Beginning ended(@Nullable String state, Map<String, Long> totals) {
        steps.nothingRuns("the state is in " + state + ". " + again + " goes on from there; deploy/rollback starts what"
                + " ran.");
        steps.say(state == null ? "it had begun empty, and had completed nothing" : "its state is in " + state);
        return new Beginning(state, false, totals);
    }

    /**
     * What to do if a version does not hold.
     *
     * @param to the version that runs again then
     * @param ownEnd from where, if not from what the other has completed: the other was sent back in time
     */
    private record Return(Deployment to, @Nullable String ownEnd) {}

    /**
     * Starts the next version, and goes back to the old one if it does not come up.
     *
     * @throws IOException if the old version runs again
     * @throws CommandFailure if neither runs
     */
    void start(Version next, Beginning beginning) throws IOException, InterruptedException {
        start(next, beginning, new Return(old, null));
    }

    /**
     * The same with the state of an earlier time.
     *
     * @param end where the one that ran has ended
     */
    void startBackInTime(Version next, String savepoint, Beginning end) throws IOException, InterruptedException {
        start(next, Beginning.with(savepoint), new Return(old, end.state()));
    }

    private void start(Version next, Beginning beginning, Return otherwise) throws IOException, InterruptedException {
        Deployment deployment;
        try {
            deployment = start.submit(next, beginning);
        } catch (ClusterException e) {
            steps.say("it is refused: " + e.getMessage());
            String state = otherwise.ownEnd() == null ? beginning.state() : otherwise.ownEnd();
            throw goneBack(otherwise.to(), state, String.valueOf(e.getMessage()));
        }
        steps.stands("The job " + deployment.job() + " was submitted from " + beginning.state()
                + ", and was not yet seen to run. " + again + " sees to it; deploy/rollback goes back to "
                + otherwise.to().title() + ".");
        watch(deployment, beginning, otherwise);
    }

    private void watch(Deployment deployment, Beginning beginning, Return otherwise)
            throws IOException, InterruptedException {
        try {
            start.verify(deployment, beginning.totals());
        } catch (Start.StateLostException e) {
            giveUp(deployment, String.valueOf(e.getMessage()), beginning.state());
            throw byHand(
                    beginning.state(),
                    deployment.title() + " was cancelled: " + e.getMessage()
                            + ". What it wrote meanwhile will be written again");
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            steps.say("it does not run: " + why);
            String state = giveUp(deployment, why, otherwise.ownEnd());
            throw goneBack(otherwise.to(), state, why);
        }
    }

    /**
     * Cancels it, and writes down with what to go on, so that a command that comes later goes on with the same.
     *
     * @param instead what to go on with; null if it is what the deployment has completed
     * @return what to go on with; null if it is empty state
     */
    private @Nullable String giveUp(Deployment deployment, String why, @Nullable String instead)
            throws IOException, InterruptedException {
        cancel(cluster.job(deployment.job()));
        String state = instead == null ? CommittedState.of(session, deployment) : instead;
        if (state != null) {
            record.stopped(deployment, state);
        }
        record.failed(deployment, why);
        ended(state, Map.of());
        return state;
    }

    /** @return what to tell: what was wanted did not come about, and what ran before runs again */
    private IOException goneBack(Deployment to, @Nullable String state, String why)
            throws IOException, InterruptedException {
        steps.step("Goes back to " + to.title());
        Deployment restored;
        try {
            restored = start.submit(to.version(), Beginning.with(state));
        } catch (ClusterException e) {
            return byHand(state, neither(why, e));
        }
        steps.stands("The job " + restored.job() + " is the old version again, started from " + state
                + ", and was not yet seen to run.");
        try {
            start.verify(restored, Map.of());
        } catch (IOException e) {
            return byHand(giveUp(restored, String.valueOf(e.getMessage()), null), neither(why, e));
        }
        return new IOException("it does not run: " + why + ". What ran before runs again, as job " + restored.job()
                + ", from " + state + ": nothing is lost, and with exactly-once delivery nothing is written twice");
    }

    private static String neither(String why, IOException andWhy) {
        return "it does not run: " + why + "; nor does what ran before: " + andWhy.getMessage();
    }

    private CommandFailure byHand(@Nullable String state, String what) {
        return new CommandFailure(
                Session.NOTHING_RUNS,
                what + ". NOTHING RUNS; trades wait in Kafka. The state is in " + state + ". When the cause is mended,"
                        + " deploy/rollback starts what ran from it. " + again + " starts what did not");
    }
}
