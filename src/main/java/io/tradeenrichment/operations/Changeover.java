package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CommandException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
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
                && !cluster.setting(RETENTION)
                        .filter(RETAINED::equalsIgnoreCase)
                        .isPresent()) {
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
     * @param ownEnd where to go on if it does not hold; null if from what it has completed
     */
    void confirm(@Nullable String ownEnd) throws IOException, InterruptedException {
        Deployment deployment = current.deployment();
        if (deployment.isVerified()) {
            throw new IOException("nothing is to be changed: " + deployment.title() + " runs, with these settings");
        }
        steps.step("Goes on with " + deployment.title() + ", whose start was broken off");
        try {
            start.verifyFromNowOn(deployment);
        } catch (IOException e) {
            Deployment before = lastThatHeld(deployment);
            if (before.equals(deployment)) {
                throw e;
            }
            throw insteadOf(deployment, new Return(before, ownEnd), e);
        }
        steps.step("It runs");
    }

    /** Of the version that held before the one that runs. */
    @Nullable String endOfWhatHeld() {
        return lastThatHeld(current.deployment()).stoppedWith();
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
            return tellEnd(current.state());
        }
        RunningJob job = current.job();
        steps.step("Stops " + deployment.title() + ", job " + job.id() + ", with a savepoint");
        steps.unsettled("The job " + job.id() + " was asked to stop with a savepoint, and may still do it. " + again
                + " goes on from what becomes of it; wait until the web UI shows it ended.");
        String savepoint;
        try {
            savepoint = job.stop(savepoints);
        } catch (ClusterException e) {
            return stoppedOtherwise(e);
        }
        Beginning next = tellEnd(savepoint);
        record.stopped(deployment, savepoint);
        job.awaitEnd(savepoints.timeout());
        Map<String, Long> totals = job.totals();
        steps.say("its totals are " + totals);
        return new Beginning(next.state(), false, totals);
    }

    /** The savepoint failed. If the job has ended all the same, so it be: where it was is known as exactly. */
    private Beginning stoppedOtherwise(ClusterException why) throws IOException, InterruptedException {
        RunningJob job = current.job();
        if (why.isUnanswered() || why.isLate()) {
            throw why;
        }
        cluster.awaitFreshAnswers();
        Optional<RunningJob.Status> status = job.find();
        if (status.isPresent() && !status.get().isEnding()) {
            steps.settled("Nothing was changed.");
            throw new SavepointException(
                    "it could not be stopped with a savepoint: " + why.getMessage() + ". Nothing was changed, the job "
                            + job.id() + " is " + status.get().state(),
                    why);
        }
        steps.say("it has ended otherwise: " + why.getMessage());
        job.awaitEnd(savepoints.timeout());
        return end(current.deployment());
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
            return end(current.deployment());
        }
    }

    private void cancel(RunningJob job) throws IOException, InterruptedException {
        steps.step("Cancels the job " + job.id());
        steps.unsettled("The job " + job.id() + " was to be ended. " + again + " goes on from where it was.");
        job.cancel(savepoints.timeout());
    }

    /** Where a job that has ended in any way has left its state; written down, and told. */
    private Beginning end(Deployment deployment) throws IOException, InterruptedException {
        steps.unsettled("Nothing runs; " + deployment.title() + ", job " + deployment.job() + ", has ended. " + again
                + " goes on from where it was, if given within the hour that the cluster remembers it.");
        String state = CommittedState.of(session, deployment);
        Beginning next = tellEnd(state);
        if (state != null) {
            record.stopped(deployment, state);
        }
        return next;
    }

    private Beginning tellEnd(@Nullable String state) {
        Beginning next = Beginning.with(state);
        steps.unsettled("Nothing runs; the state is " + next + ". " + again
                + " goes on from there; deploy/rollback starts what held last.");
        steps.say("its state is " + next);
        return next;
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
     * @throws CommandException if neither runs
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
        } catch (Start.RefusedException e) {
            steps.say("it is refused: " + e.getMessage());
            Beginning end = tellEnd(otherwise.ownEnd() == null ? beginning.state() : otherwise.ownEnd());
            throw goneBack(otherwise, end, String.valueOf(e.getMessage()));
        }
        steps.unsettled("The job " + deployment.job() + " was submitted, its state " + beginning
                + ", and was not yet seen to hold. " + again + " sees to it.");
        try {
            start.verify(deployment, beginning.totals());
        } catch (IOException e) {
            throw insteadOf(deployment, otherwise, e);
        }
    }

    /** @return what to tell when a version that did not hold has given way to what held before */
    private IOException insteadOf(Deployment deployment, Return otherwise, IOException why)
            throws IOException, InterruptedException {
        String sentence = String.valueOf(why.getMessage());
        if (why instanceof Start.StateLostException) {
            Beginning end = giveUp(deployment, sentence, deployment.from());
            return byHand(
                    end,
                    deployment.title() + " was cancelled: " + sentence
                            + ". What it wrote meanwhile will be written again");
        }
        steps.say("it does not run: " + sentence);
        return goneBack(otherwise, giveUp(deployment, sentence, otherwise.ownEnd()), sentence);
    }

    /**
     * Cancels it, and writes down with what to go on, so that a command that comes later goes on with the same.
     *
     * @param instead what to go on with; null if it is what the deployment has completed
     * @return what to go on with
     */
    private Beginning giveUp(Deployment deployment, String why, @Nullable String instead)
            throws IOException, InterruptedException {
        cancel(cluster.job(deployment.job()));
        Beginning end;
        if (instead == null) {
            end = end(deployment);
        } else {
            end = tellEnd(instead);
            record.stopped(deployment, instead);
        }
        record.failed(deployment, why);
        return end;
    }

    /** @return what to tell: what was wanted did not come about, and what ran before runs again */
    private IOException goneBack(Return otherwise, Beginning end, String why) throws IOException, InterruptedException {
        steps.step("Goes back to " + otherwise.to().title());
        Deployment restored;
        try {
            restored = start.submit(otherwise.to().version(), end);
        } catch (Start.RefusedException e) {
            return byHand(end, neither(why, e));
        }
        steps.unsettled("The job " + restored.job() + " is the old version again, its state " + end
                + ", and was not yet seen to hold.");
        try {
            start.verify(restored, Map.of());
        } catch (IOException e) {
            return byHand(giveUp(restored, String.valueOf(e.getMessage()), null), neither(why, e));
        }
        return new IOException("it does not run: " + why + ". What ran before runs again, as job " + restored.job()
                + ", its state " + end
                + (otherwise.ownEnd() == null
                        ? ": nothing is lost, and with exactly-once delivery nothing is written twice"
                        : ": nothing is lost; what the other wrote from its savepoint on stands there twice"));
    }

    private static String neither(String why, IOException andWhy) {
        return "it does not run: " + why + "; nor does what ran before: " + andWhy.getMessage();
    }

    private CommandException byHand(Beginning end, String what) {
        return new CommandException(
                Session.NOTHING_RUNS,
                what + ". NOTHING RUNS; trades wait in Kafka. The state is " + end + ". When the cause is mended,"
                        + " deploy/rollback starts what held last from it. " + again + " starts what did not");
    }
}
