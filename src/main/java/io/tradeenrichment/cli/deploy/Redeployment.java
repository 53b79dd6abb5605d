package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import io.tradeenrichment.cli.deploy.Deployment.State;
import io.tradeenrichment.cli.deploy.JobStarter.FailedException;
import io.tradeenrichment.settings.CommandException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the current deployment: stops its job with a savepoint, starts the next version from the savepoint, and rolls back
 * if that is not stable. Each job starts from the state that the last output before it was committed with, so no trade is
 * lost or written twice.
 */
final class Redeployment {
    private static final Set<JobStatus> ENDING = EnumSet.of(
            JobStatus.FAILING, JobStatus.CANCELLING, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.FINISHED);

    private final CommandContext context;
    private final SessionCluster cluster;
    private final DeploymentRecord record;
    private final CommandLog log;
    private final JobStarter starter;
    private final CurrentDeployment current;
    private final Deployment lastStable;

    Redeployment(CommandContext context, CurrentDeployment current) {
        this.context = context;
        this.current = current;
        cluster = context.cluster();
        record = context.record();
        log = context.log();
        starter = new JobStarter(context);
        lastStable = record.latestFirst().stream()
                .filter(earlier -> earlier.number() <= current.deployment().number() && earlier.wasStable())
                .findFirst()
                .orElse(current.deployment());
    }

    /**
     * Replaces the current deployment by the version.
     *
     * @param preflight runs before the job is stopped
     * @param orCancel whether a job that cannot write a savepoint is cancelled
     * @throws IOException if the previous version runs
     * @throws CommandException with exit code 3 if no job runs, or if this is unknown
     */
    void replace(JobVersion next, boolean allowNonRestoredState, boolean orCancel, Check preflight)
            throws IOException, InterruptedException {
        if (current.isRunning() && next.equals(current.deployment().version())) {
            confirm();
            return;
        }
        check(next);
        preflight.run();
        RestoreSettings last = orCancel ? stopOrCancel() : stop();
        try {
            starter.start(next, new RestoreSettings(last.path(), allowNonRestoredState, last.totals()));
        } catch (FailedException e) {
            throw rollBack(current.isRunning() ? current.deployment() : lastStable, e);
        }
    }

    /** A check of the next version. */
    interface Check {
        void run() throws IOException, InterruptedException;
    }

    /** The requested version runs. If the command that started it was interrupted, it is verified. */
    private void confirm() throws IOException, InterruptedException {
        Deployment deployment = current.deployment();
        if (deployment.wasStable()) {
            throw new IOException("nothing to change: " + deployment.title() + " runs with these settings");
        }
        log.step("Continues the interrupted start of " + deployment.title());
        if (lastStable.equals(deployment)) {
            // There is no version to roll back to, so the job is not cancelled.
            starter.verifyOnly(deployment);
            return;
        }
        try {
            starter.verify(deployment);
        } catch (FailedException e) {
            throw rollBack(lastStable, e);
        }
    }

    /** Checks all that can be checked before the job is stopped. */
    private void check(JobVersion next) throws IOException, InterruptedException {
        record.jar(next);
        record.jar((current.isRunning() ? current.deployment() : lastStable).version());
        int freed = 0;
        if (current.isRunning()) {
            JobDetailsInfo job = current.job().details();
            int maxParallelism = Integer.MAX_VALUE;
            for (var vertex : job.getJobVertexInfos()) {
                freed = Math.max(freed, vertex.getParallelism());
                if (vertex.getMaxParallelism() > 0) {
                    maxParallelism = Math.min(maxParallelism, vertex.getMaxParallelism());
                }
            }
            if (next.parallelism() > maxParallelism) {
                throw new IOException("parallelism " + next.parallelism() + " is higher than " + maxParallelism
                        + ", the max parallelism of the job's state. Nothing was changed");
            }
        }
        cluster.checkSlots(next.parallelism(), freed);
        Configuration settings = cluster.configuration();
        var retention = CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION;
        var retain = ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION;
        if (settings.contains(CheckpointingOptions.CHECKPOINTING_INTERVAL) && settings.get(retention) != retain) {
            throw new IOException(
                    "the cluster deletes a job's checkpoints when the job is cancelled, so a rollback could lose"
                            + " state. Nothing was changed; set " + retention.key() + ": " + retain.name()
                            + " in the cluster's configuration, as conf/flink.yaml does");
        }
    }

    private RestoreSettings stop() throws IOException, InterruptedException {
        Deployment deployment = current.deployment();
        if (!current.isRunning()) {
            log.step("No job runs: " + deployment.title() + " has ended");
            return reported(current.lastState());
        }
        RunningJob job = current.job();
        log.step("Stops " + deployment.title() + ", job " + job.id() + ", with a savepoint");
        log.pending("The job " + job.id()
                + " may still stop with a savepoint; wait until the web UI shows that it has ended.");
        String savepoint;
        try {
            savepoint = job.stop(context.config());
        } catch (ClusterException e) {
            return endedOtherwise(e);
        }
        reported(savepoint);
        record.ended(deployment, savepoint);
        job.awaitEnd(context.config().savepointTimeout());
        Map<String, Long> totals = job.totals();
        log.detail("totals " + totals);
        return new RestoreSettings(savepoint, false, totals);
    }

    /** The savepoint failed. If the job has ended nevertheless, its last state is as exact. */
    private RestoreSettings endedOtherwise(ClusterException why) throws IOException, InterruptedException {
        if (why.isUnanswered() || why.kind() == Kind.TIMEOUT) {
            throw why;
        }
        RunningJob job = current.job();
        cluster.awaitFreshAnswers();
        Optional<JobStatus> status = job.find().map(JobDetailsInfo::getJobStatus);
        if (status.isPresent() && !ENDING.contains(status.get())) {
            log.done("Nothing was changed.");
            throw new SavepointException("the stop with a savepoint failed: " + why.getMessage()
                    + ". Nothing was changed, the job " + job.id() + " is " + status.get());
        }
        log.detail("it ended otherwise: " + why.getMessage());
        job.awaitEnd(context.config().savepointTimeout());
        return ended();
    }

    /** The job runs on, because its savepoint failed. */
    private static final class SavepointException extends IOException {
        SavepointException(String sentence) {
            super(sentence);
        }
    }

    /** The last complete checkpoint of a cancelled job is as exact as a savepoint, because later output is not committed. */
    private RestoreSettings stopOrCancel() throws IOException, InterruptedException {
        try {
            return stop();
        } catch (SavepointException e) {
            log.detail(String.valueOf(e.getMessage()));
            if (!current.job().retainsCheckpoints()) {
                throw new IOException(
                        "the job " + current.job().id()
                                + " cannot write a savepoint, and its checkpoints would be deleted"
                                + " if it were cancelled. Nothing was changed",
                        e);
            }
            log.step("Cancels the job " + current.job().id());
            log.pending("The job " + current.job().id() + " is being cancelled.");
            current.job().cancel(context.config().savepointTimeout());
            return ended();
        }
    }

    private RestoreSettings ended() throws IOException, InterruptedException {
        log.pending("No job runs: " + current.deployment().title() + ", job "
                + current.job().id() + ", has ended.");
        return reported(CurrentDeployment.recordLastState(context, current.deployment()));
    }

    private RestoreSettings reported(@Nullable String path) {
        RestoreSettings restore = RestoreSettings.from(path);
        log.pending(
                "No job runs; the last state is " + restore + ". deploy/rollback starts the last stable deployment.");
        log.detail("its last state is " + restore);
        return restore;
    }

    /** @return the report */
    private IOException rollBack(Deployment target, FailedException failed) throws IOException, InterruptedException {
        String cause = "the new deployment failed: " + failed.getMessage();
        RestoreSettings restore = reported(failed.restore.path());
        if (failed.isStateLost) {
            return noJobRuns(restore, cause + ". Its output will be written again");
        }
        log.step("Rolls back to " + target.title());
        Deployment restored;
        try {
            restored = starter.start(target.version(), restore);
        } catch (FailedException e) {
            return noJobRuns(reported(e.restore.path()), cause + "; the rollback failed: " + e.getMessage());
        }
        if (failed.deployment.isPresent()) {
            record.reached(failed.deployment.get(), State.ROLLED_BACK);
        }
        return new IOException(cause + ". It was rolled back: " + restored.title() + ", runs as job " + restored.job()
                + " from " + restore + "; no trade is lost, and with exactly-once delivery none is written twice");
    }

    private static CommandException noJobRuns(RestoreSettings restore, String what) {
        return new CommandException(
                CommandContext.NO_JOB_RUNS,
                what + ". NO JOB RUNS; trades wait in Kafka. The last state is " + restore + ". Remove the cause; then"
                        + " deploy/rollback starts the last stable deployment from it, and the same command again the new one");
    }
}
