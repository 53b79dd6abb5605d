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

    private static final int NOTHING_RUNS = 3;

    private final SessionCluster cluster;
    private final DeploymentRecord record;
    private final OperationsConfig.Savepoints savepoints;
    private final Steps steps;
    private final Start start;
    private final String again;

    /** @param again what a person does to go on if it is broken off, to begin a sentence with */
    Changeover(Session session, String again) {
        this.again = again;
        this.cluster = session.cluster();
        this.record = session.record();
        this.savepoints = session.config().savepoints();
        this.steps = session.steps();
        this.start = new Start(session);
    }

    /**
     * Where a version has ended.
     *
     * @param state a savepoint or checkpoint; null if it began empty and completed none
     * @param totals that stand in the state, as far as they are known
     */
    record End(@Nullable String state, Map<String, Long> totals) {}

    /**
     * Whether the next version can take the place of the current one, as far as can be told before anything is stopped.
     *
     * @throws IOException if a jar of the two is gone, the state cannot be spread so far, or slots are wanting
     */
    void check(Current current, Version next) throws IOException, InterruptedException {
        record.jars().find(next.jar());
        record.jars().find(current.deployment().version().jar());
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
    }

    /**
     * What is wanted runs already. If the command that started it was broken off, it is watched now.
     *
     * @throws IOException if it was seen to run before: nothing is to be done; or if it does not
     */
    void confirm(Deployment deployment) throws IOException, InterruptedException {
        if (deployment.ran()) {
            throw new IOException("nothing is to be changed: " + deployment.title() + " runs, with these settings");
        }
        steps.step("Goes on with " + deployment.title() + ", whose start was broken off");
        start.verify(deployment, Map.of());
        steps.step("It runs");
    }

    /**
     * Stops what runs, in good order.
     *
     * @throws IOException if it could not be stopped; it then goes on as before
     */
    End stop(Current current) throws IOException, InterruptedException {
        Deployment deployment = current.deployment();
        if (current.stoppedWith() != null) {
            steps.step("Nothing runs: " + deployment.title() + " was stopped before");
            steps.say("its state is in " + current.stoppedWith());
            return new End(current.stoppedWith(), Map.of());
        }
        RunningJob job = current.job();
        steps.step("Stops " + deployment.title() + ", job " + job.id() + ", with a savepoint");
        steps.stands("The job " + job.id() + " was asked to stop with a savepoint, and will. " + again
                + " goes on from there; deploy/rollback starts it again.");
        String savepoint;
        try {
            savepoint = job.stop(savepoints);
        } catch (ClusterException e) {
            throw new IOException(
                    "it could not be stopped with a savepoint: " + e.getMessage() + ". Nothing was changed, the"
                            + " job " + job.id() + " is " + job.status().state(),
                    e);
        }
        record.stopped(deployment, savepoint);
        job.awaitEnd(savepoints.timeout());
        steps.say("its savepoint is " + savepoint);
        Map<String, Long> totals = job.totals();
        steps.say("its totals are " + totals);
        return new End(savepoint, totals);
    }

    /**
     * Stops what runs. If it is in no state to write a savepoint, cancels it: its last complete checkpoint is as exact, for
     * what it wrote after that was never committed.
     */
    End stopOrCancel(Current current) throws IOException, InterruptedException {
        try {
            return stop(current);
        } catch (IOException e) {
            steps.say(String.valueOf(e.getMessage()));
            String newest = cancel(current.deployment());
            String state = newest == null ? current.deployment().from() : newest;
            if (state != null) {
                record.stopped(current.deployment(), state);
            }
            return new End(state, Map.of());
        }
    }

    /** @return where the newest state is that it has completed; null if it completed none since it was started */
    private @Nullable String cancel(Deployment deployment) throws IOException, InterruptedException {
        RunningJob job = cluster.job(deployment.job());
        steps.step("Cancels the job " + job.id());
        String newest = null;
        try {
            if (!job.status().hasEnded()) {
                job.cancel(savepoints.timeout());
            }
            newest = job.newestState();
        } catch (ClusterException e) {
            if (!e.isMissing()) {
                throw e;
            }
        }
        steps.say(newest == null ? "it had not completed a checkpoint" : "its newest checkpoint is " + newest);
        return newest;
    }

    /**
     * Starts the next version, and goes back to the old one if it does not come up.
     *
     * @param from what to start from, and the totals that must not be lost on the way
     * @param end where the old one has ended
     * @throws IOException if the old version runs again
     * @throws CommandFailure if neither runs
     */
    void start(Version next, End from, Deployment old, @Nullable String end) throws IOException, InterruptedException {
        steps.stands("Nothing runs; " + old.title() + " was stopped, and its state is in " + end + ". " + again
                + " goes on from there; deploy/rollback starts what ran.");
        Deployment deployment;
        try {
            deployment = start.submit(next, from.state());
        } catch (IOException e) {
            steps.say("it is refused: " + e.getMessage());
            throw goneBack(old, end, String.valueOf(e.getMessage()));
        }
        steps.stands("The job " + deployment.job() + " was submitted from " + from.state()
                + ", and was not yet seen to run. " + again + " sees to it; deploy/rollback goes back to " + old.title()
                + ".");
        try {
            start.verify(deployment, from.totals());
        } catch (Start.StateLostException e) {
            cancel(deployment);
            record.failed(deployment, String.valueOf(e.getMessage()));
            throw byHand(
                    old,
                    end,
                    deployment.title() + " was cancelled: " + e.getMessage()
                            + ". What it wrote meanwhile will be written again");
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            steps.say("it does not run: " + why);
            String newest = cancel(deployment);
            record.failed(deployment, why);
            throw goneBack(old, newest == null ? end : newest, why);
        }
    }

    /** @return what to tell: what was wanted did not come about, and what ran before runs again */
    private IOException goneBack(Deployment old, @Nullable String state, String why)
            throws IOException, InterruptedException {
        steps.step("Goes back to " + old.title());
        Deployment restored = null;
        try {
            restored = start.submit(old.version(), state);
            steps.stands("The job " + restored.job() + " is the old version again, started from " + state
                    + ", and was not yet seen to run.");
            start.verify(restored, Map.of());
        } catch (IOException e) {
            String newest = null;
            if (restored != null) {
                newest = cancel(restored);
                record.failed(restored, String.valueOf(e.getMessage()));
            }
            return byHand(
                    old,
                    newest == null ? state : newest,
                    "it does not run: " + why + "; nor does what ran before: " + e.getMessage());
        }
        return new IOException("it does not run: " + why + ". What ran before runs again, as job " + restored.job()
                + ": nothing is lost, and with exactly-once delivery nothing is written twice");
    }

    private CommandFailure byHand(Deployment old, @Nullable String state, String what) throws IOException {
        if (state != null) {
            record.stopped(old, state);
        }
        return new CommandFailure(
                NOTHING_RUNS,
                what + ". NOTHING RUNS; trades wait in Kafka. The state is in " + state + ". When the cause is mended,"
                        + " deploy/rollback starts what ran from it. " + again + " starts what did not");
    }
}
