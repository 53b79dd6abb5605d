package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import io.tradeenrichment.cli.deploy.Deployment.State;
import io.tradeenrichment.cli.deploy.Deployment.Version;
import io.tradeenrichment.settings.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/** The deployment that the next command replaces: its job runs, or it was the last to end. */
record CurrentDeployment(Deployer deployer, Deployment deployment, boolean isRunning) {
    /** How long a JobManager keeps a job that has ended: the default of jobstore.expiration-time. */
    private static final Duration JOB_STORE_EXPIRATION = Duration.ofHours(1);

    /** @throws IOException if the record does not match the jobs of that name on the cluster, or the last state is unknown */
    static CurrentDeployment find(Deployer deployer, String name) throws IOException, InterruptedException {
        List<String> running = deployer.cluster().running(name);
        if (running.size() > 1 || !running.stream().allMatch(deployer.record()::hasJob)) {
            throw new IOException("the record " + deployer.record() + " does not match the jobs that run: " + running
                    + "; if another record does, set --" + DeployOptions.RECORD.key() + "; else stop the jobs with a"
                    + " savepoint (flink stop), and start one by deploy/submit --from");
        }
        CurrentDeployment current = latest(deployer)
                .orElseThrow(() -> new IOException(
                        "the record " + deployer.record() + " has no deployment; deploy/submit starts a job"));
        if (!current.isRunning) {
            deployer.report(deployer.lastState(current.deployment));
        }
        return current;
    }

    /**
     * The latest deployment of the record whose job was ever on the cluster.
     *
     * @throws CommandException if the job of an interrupted start may still be submitted
     */
    static Optional<CurrentDeployment> latest(Deployer deployer) throws IOException, InterruptedException {
        for (Deployment deployment : deployer.record().latestFirst()) {
            RunningJob job = deployer.cluster().job(deployment.job());
            if (deployment.lastState() != null) {
                // A stop may have been interrupted.
                job.awaitEnd(deployer.config().savepointTimeout());
                return Optional.of(new CurrentDeployment(deployer, deployment, false));
            }
            boolean isRunning = !job.hasEnded();
            if (isRunning || (deployment.mayRun() && wasSubmitted(deployment, job))) {
                return Optional.of(new CurrentDeployment(deployer, deployment, isRunning));
            }
        }
        return Optional.empty();
    }

    private static boolean wasSubmitted(Deployment deployment, RunningJob job)
            throws IOException, InterruptedException {
        if (deployment.state() != State.CREATED || job.status().isPresent()) {
            return true;
        }
        // Main waits for Kafka before it submits the job.
        Duration age = Duration.between(Instant.parse(deployment.since()), Instant.now());
        long left = SessionCluster.MAIN_TIMEOUT.minus(age).toSeconds();
        if (left > 0) {
            String late = "the start of " + deployment.title() + " was interrupted, and its job " + deployment.job()
                    + " may still be submitted; run the command again in " + left + " s";
            throw new CommandException(Deployer.NO_JOB_RUNS, late);
        }
        // Within the hour the cluster would still know it.
        return age.compareTo(JOB_STORE_EXPIRATION) >= 0;
    }

    /** Whether a rollback starts that deployment: it was stable, and is another version if this one runs. */
    boolean isAfter(Deployment earlier) {
        return earlier.wasStable() && !(isRunning && earlier.version().equals(deployment.version()));
    }

    RunningJob job() {
        return deployer.cluster().job(deployment.job());
    }

    /**
     * Stops the job with a savepoint, starts the next version from the savepoint, and rolls back if that is not stable. Each
     * job starts from the state that the last output before it was committed with, so no trade is lost or written twice.
     *
     * @param orCancel whether a job that cannot write a savepoint is cancelled
     * @throws IOException if the previous version runs
     * @throws CommandException with exit code 3 if no job runs, or if this is unknown
     */
    void replaceBy(Version next, boolean preflight, boolean orCancel, boolean allowNonRestoredState)
            throws IOException, InterruptedException {
        boolean isNext = isRunning && next.equals(deployment.version());
        if (isNext && deployment.wasStable()) {
            throw new IOException("nothing to change: " + deployment.title() + " runs with these settings");
        }
        Optional<Deployment> lastStable = deployer.record().latestFirst().stream()
                .filter(Deployment::wasStable)
                .findFirst();
        Deployment target = isRunning && !isNext ? deployment : lastStable.orElse(deployment);
        deployer.record().jar(next);
        deployer.record().jar(target.version());
        deployer.cluster().requireRetainedCheckpoints();
        if (preflight && isRunning && !isNext) {
            PreflightProcess.check(this, next, allowNonRestoredState);
        }
        Deployment started =
                isNext ? deployer.verify(deployment) : deployer.start(next, stop(orCancel), allowNonRestoredState);
        if (!started.wasStable()) {
            throw rollBack(target, started);
        }
    }

    /** Returns the last state. */
    private @Nullable String stop(boolean orCancel) throws IOException, InterruptedException {
        if (isRunning) {
            String step = "Stops " + deployment.title() + ", job " + deployment.job() + ", with a savepoint";
            deployer.log().step(step, "The job " + deployment.job() + " may still stop with a savepoint.");
            try {
                String savepoint = job().stop(deployer.config());
                deployer.record().update(deployment, stopped -> stopped.ended(savepoint));
            } catch (ClusterException e) {
                endOtherwise(e, orCancel);
            }
            job().awaitEnd(deployer.config().savepointTimeout());
        }
        return deployer.report(deployer.lastState(deployment));
    }

    /**
     * There is no answer, or the savepoint failed. If the job ends nevertheless, its last state is as exact, and so is the last
     * complete checkpoint of a cancelled job, because later output is not committed.
     */
    private void endOtherwise(ClusterException why, boolean orCancel) throws IOException, InterruptedException {
        String failure = "the stop with a savepoint failed: " + why.getMessage();
        deployer.log().detail(failure);
        deployer.cluster().awaitFreshAnswers();
        JobStatus status = job().status().orElse(JobStatus.FINISHED);
        boolean isEnding = status == JobStatus.FAILING || status == JobStatus.CANCELLING;
        if (why.kind != Kind.UNANSWERED && !isEnding && !status.isGloballyTerminalState()) {
            deployer.log().done("Nothing was changed.");
            if (!orCancel || !job().retainsCheckpoints()) {
                throw new IOException(failure + (orCancel ? "; a cancellation would delete its checkpoints" : "")
                        + ". Nothing was changed, the job " + deployment.job() + " is " + status);
            }
            deployer.cancel(deployment);
        }
    }

    /** @return the report */
    private IOException rollBack(Deployment target, Deployment failed) throws IOException, InterruptedException {
        String cause = "the new deployment failed: " + failed.failure();
        Deployment last = failed;
        if (target.number() != failed.number()) {
            deployer.log().step("Rolls back to " + target.title());
            last = deployer.start(target.version(), failed.lastState(), false);
            if (last.wasStable()) {
                deployer.record().update(failed, deployment -> deployment.at(State.ROLLED_BACK));
                return new IOException(cause + ". It was rolled back: " + last.title() + ", runs as job " + last.job()
                        + " from " + Deployment.text(last.restoredFrom()) + "; no trade is lost, and with exactly-once"
                        + " delivery none is written twice");
            }
            cause += "; the rollback failed: " + last.failure();
        }
        return new CommandException(
                Deployer.NO_JOB_RUNS,
                cause + ". NO JOB RUNS; trades wait in Kafka. The last state is " + Deployment.text(last.lastState())
                        + ". Remove the cause; then deploy/rollback starts the last stable deployment from it, and the same"
                        + " command again the new one");
    }
}
