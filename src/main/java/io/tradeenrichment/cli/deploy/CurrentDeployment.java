package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import io.tradeenrichment.cli.deploy.Deployment.State;
import io.tradeenrichment.settings.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deployment that the next command replaces: its job runs, or it was the last to end.
 *
 * @param lastState null while the job runs, or if it was started empty and has completed no checkpoint
 */
record CurrentDeployment(
        Deployment deployment,
        RunningJob job,
        boolean isRunning,
        @Nullable String lastState) {

    /**
     * Compares the record with the cluster.
     *
     * @param beside whether jobs of that name that are not in the record are ignored
     * @throws IOException if the record does not match the jobs on the cluster, or if the last state is unknown
     */
    static CurrentDeployment find(CommandContext context, String name, boolean beside)
            throws IOException, InterruptedException {
        Optional<CurrentDeployment> latest;
        try {
            latest = latest(context);
        } catch (CommandException e) {
            refuseOthers(context, name, beside);
            throw e;
        }
        if (latest.isEmpty() || !latest.get().isRunning()) {
            refuseOthers(context, name, beside && latest.isPresent());
        }
        CurrentDeployment current = latest.orElseThrow(() ->
                new IOException("the record " + context.record() + " has no deployment; deploy/submit starts a job"));
        if (!current.isRunning()) {
            context.log()
                    .pending("No job runs; the last state of "
                            + current.deployment().title() + " is "
                            + RestoreSettings.from(current.lastState())
                            + ". deploy/rollback starts the last stable deployment.");
        }
        return current;
    }

    private static void refuseOthers(CommandContext context, String name, boolean beside)
            throws IOException, InterruptedException {
        for (RunningJob job : context.cluster().running(name)) {
            if (!context.record().hasJob(job.id()) && !beside) {
                throw new IOException("the job " + job.id() + " runs, but the record " + context.record()
                        + " does not have it; if another record has it, set --" + DeployOptions.RECORD.key()
                        + "; if it was submitted by other means, stop it with a savepoint (flink stop) and start it by"
                        + " deploy/submit --from SAVEPOINT; if it is an independent job, set --"
                        + DeployOptions.BESIDE.key() + " true");
            }
        }
    }

    /**
     * Finds the latest deployment of the record whose job is on the cluster or has ended.
     *
     * @return empty if no job of the record was ever on the cluster
     * @throws IOException if several jobs of the record run, or if the last state is unknown
     */
    static Optional<CurrentDeployment> latest(CommandContext context) throws IOException, InterruptedException {
        for (Deployment deployment : context.record().latestFirst()) {
            RunningJob job = context.cluster().job(deployment.job());
            boolean runs = isRunning(context, deployment);
            if (deployment.lastState() != null) {
                job.awaitEnd(context.config().savepointTimeout());
                return Optional.of(new CurrentDeployment(deployment, job, false, deployment.lastState()));
            }
            if (runs) {
                refuseSeveral(context, deployment);
                return Optional.of(new CurrentDeployment(deployment, job, true, null));
            }
            if (deployment.mayRun() && wasSubmitted(deployment, job)) {
                return Optional.of(new CurrentDeployment(deployment, job, false, recordLastState(context, deployment)));
            }
        }
        return Optional.empty();
    }

    private static void refuseSeveral(CommandContext context, Deployment latest)
            throws IOException, InterruptedException {
        for (Deployment other : context.record().latestFirst()) {
            if (other.mayRun()
                    && !other.equals(latest)
                    && !context.cluster().job(other.job()).hasEnded()) {
                throw new IOException("the jobs of both " + other.title() + " and " + latest.title() + " run, "
                        + other.job() + " and " + latest.job() + "; stop one of them with a savepoint");
            }
        }
    }

    /** Whether the job of an interrupted start was on the cluster. Within the hour the cluster would still know it. */
    private static boolean wasSubmitted(Deployment deployment, RunningJob job)
            throws IOException, InterruptedException {
        if (deployment.state() != State.CREATED || job.find().isPresent()) {
            return true;
        }
        if (age(deployment).compareTo(SessionCluster.JOB_STORE_EXPIRATION) < 0) {
            return false;
        }
        throw unknownState(deployment);
    }

    /** Since it reached its state, by the clock of this machine, which may have been set back. */
    private static Duration age(Deployment deployment) {
        Duration age = Duration.between(Instant.parse(deployment.since()), Instant.now());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** Whether the job runs. An interrupted start may still submit it, because main waits for Kafka; this is awaited. */
    static boolean isRunning(CommandContext context, Deployment deployment) throws IOException, InterruptedException {
        RunningJob job = context.cluster().job(deployment.job());
        PollDeadline deadline = new PollDeadline(SessionCluster.MAIN_TIMEOUT.minus(age(deployment)));
        if (deployment.mayRun() && deployment.state() == State.CREATED && !deadline.isOver()) {
            context.log().step("Waits for the job of an interrupted start");
            deadline.waitFor(() -> job.find().isPresent());
        }
        return !job.hasEnded();
    }

    /**
     * Finds and records the state that the last output of an ended job was committed with. A restart from an older state writes
     * output twice, so the state is not guessed.
     *
     * @return null if the job was started empty and has completed no checkpoint
     * @throws CommandException if the state is unknown
     */
    static @Nullable String recordLastState(CommandContext context, Deployment deployment)
            throws IOException, InterruptedException {
        RunningJob job = context.cluster().job(deployment.job());
        if (job.find().isEmpty()) {
            throw unknownState(deployment);
        }
        String path;
        try {
            context.cluster().awaitFreshAnswers();
            path = job.committedState();
        } catch (ClusterException e) {
            State state = context.record().latest(deployment).state();
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            // The job has ended before its first checkpoint, or has no checkpoints.
            if (state != State.CREATED && state != State.DEPLOYED) {
                throw unknownState(deployment);
            }
            path = deployment.restoredFrom();
        }
        return context.record().ended(deployment, path);
    }

    private static CommandException unknownState(Deployment deployment) {
        String job = deployment.job();
        return new CommandException(
                CommandContext.NO_JOB_RUNS,
                "the last state of the job " + job + " of " + deployment.title()
                        + " is unknown, because the cluster does not know the job any more. If it was stopped, its state is the"
                        + " savepoint savepoint-" + job.substring(0, 6)
                        + "-…, and its checkpoints are deleted. If not, its"
                        + " state is the highest chk-… in the folder " + job + " of the cluster's checkpoints."
                        + " deploy/submit --from starts the job from there; from an older state, it writes output twice");
    }
}
