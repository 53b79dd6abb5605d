package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import io.tradeenrichment.cli.deploy.Deployment.State;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.settings.DurationText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.rest.messages.JobExceptionsInfoWithHistory.RootExceptionInfo;

/** Starts a job version, and verifies that it is stable. If it is not, cancels it. */
final class JobStarter {
    private final CommandContext context;
    private final SessionCluster cluster;
    private final DeploymentRecord record;
    private final DeployConfig config;
    private final CommandLog log;

    JobStarter(CommandContext context) {
        this.context = context;
        cluster = context.cluster();
        record = context.record();
        config = context.config();
        log = context.log();
    }

    /** The deployment failed, and its job does not run. */
    static final class FailedException extends IOException {
        /** Empty if the jar was refused before the deployment was recorded. */
        final transient Optional<Deployment> deployment;
        /** What the next deployment must restore. */
        final transient RestoreSettings restore;

        final boolean isStateLost;

        FailedException(IOException cause, Optional<Deployment> deployment, RestoreSettings restore) {
            super(cause.getMessage(), cause);
            this.deployment = deployment;
            this.restore = restore;
            this.isStateLost = cause instanceof StateLostException;
        }
    }

    /** The job has not restored all of its state. */
    private static final class StateLostException extends IOException {
        StateLostException(String sentence) {
            super(sentence);
        }
    }

    /**
     * Submits the job, and records the deployment just before.
     *
     * @return the deployment, which is stable
     * @throws FailedException with the cause if the job is refused, fails or restarts, or takes too long
     * @throws IOException if the state of the job is unknown
     */
    Deployment start(JobVersion version, RestoreSettings restore) throws IOException, InterruptedException {
        Path jar = record.jar(version);
        log.step("Uploads " + version);
        String jarId;
        try {
            jarId = cluster.upload(jar);
        } catch (ClusterException e) {
            throw new FailedException(e, Optional.empty(), restore);
        }
        Deployment deployment = record.create(new JobID().toString(), version, restore.path());
        log.step("Starts deployment " + deployment.number() + " as job " + deployment.job());
        log.detail("from " + restore);
        log.pending("The job " + deployment.job() + " was requested and may still be submitted.");
        try {
            cluster.run(jarId, deployment.job(), version, restore);
        } catch (ClusterException e) {
            if (!wasSubmitted(deployment, e)) {
                Deployment failed = record.failed(deployment, String.valueOf(e.getMessage()));
                throw new FailedException(e, Optional.of(failed), restore);
            }
        } finally {
            cluster.delete(jarId);
        }
        record.reached(deployment, State.DEPLOYED);
        log.pending("The job " + deployment.job() + " was submitted, from " + restore + ", and is not stable yet.");
        return verify(deployment, restore.totals(), 0);
    }

    /** A failed request may have started the job: main continues without the connection, and a job survives its JobManager. */
    private boolean wasSubmitted(Deployment deployment, ClusterException why) throws IOException, InterruptedException {
        RunningJob job = cluster.job(deployment.job());
        if (why.kind() == Kind.UNREACHABLE) {
            return false;
        }
        if (!why.isUnanswered()) {
            return job.find().isPresent();
        }
        log.step("Waits for the job: " + why.getMessage());
        Duration start = config.startTimeout();
        Duration main = SessionCluster.MAIN_TIMEOUT;
        return new PollDeadline(start.compareTo(main) < 0 ? start : main)
                .waitFor(() -> job.find().isPresent());
    }

    /** Verifies a job that was started by an interrupted command. Earlier failures are ignored. */
    Deployment verify(Deployment deployment) throws IOException, InterruptedException {
        return verify(deployment, Map.of(), latestFailure(deployment));
    }

    /** The same, but leaves the job as it is if it is not stable. */
    Deployment verifyOnly(Deployment deployment) throws IOException, InterruptedException {
        return await(deployment, Map.of(), latestFailure(deployment));
    }

    private long latestFailure(Deployment deployment) throws IOException, InterruptedException {
        return cluster.job(deployment.job())
                .latestFailure()
                .map(RootExceptionInfo::getTimestamp)
                .orElse(0L);
    }

    private Deployment verify(Deployment deployment, Map<String, Long> totals, long after)
            throws IOException, InterruptedException {
        try {
            return await(deployment, totals, after);
        } catch (IOException e) {
            throw giveUp(deployment, e);
        }
    }

    private Deployment await(Deployment deployment, Map<String, Long> totals, long after)
            throws IOException, InterruptedException {
        RunningJob job = cluster.job(deployment.job());
        log.step("Waits until every task runs");
        awaitRunning(job, after);
        record.reached(deployment, State.RUNNING);
        log.step("Every task runs; waits " + DurationText.of(config.verifyFor()) + " and for a checkpoint");
        awaitStable(job, totals, after);
        log.done(deployment.title() + " is stable.");
        return record.reached(deployment, State.STABLE);
    }

    /** Otherwise the job would restart for ever. */
    private FailedException giveUp(Deployment deployment, IOException why) throws IOException, InterruptedException {
        log.detail("it is not stable: " + why.getMessage());
        log.step("Cancels the job " + deployment.job());
        log.pending("The job " + deployment.job() + " is being cancelled.");
        cluster.job(deployment.job()).cancel(config.savepointTimeout());
        log.pending("No job runs: " + deployment.title() + ", job " + deployment.job() + ", has ended.");
        String lastState = why instanceof StateLostException
                ? record.ended(deployment, deployment.restoredFrom())
                : CurrentDeployment.recordLastState(context, deployment);
        Deployment failed = record.failed(deployment, String.valueOf(why.getMessage()));
        return new FailedException(why, Optional.of(failed), RestoreSettings.from(lastState));
    }

    private void awaitRunning(RunningJob job, long after) throws IOException, InterruptedException {
        PollDeadline deadline = new PollDeadline(config.startTimeout());
        deadline.require(
                () -> {
                    boolean isRunning = checked(job, after) == JobStatus.RUNNING;
                    String missing = job.progress();
                    log.progress(missing);
                    return isRunning && missing.isEmpty();
                },
                "not every task of the job " + job.id() + " ran");
    }

    private void awaitStable(RunningJob job, Map<String, Long> before, long after)
            throws IOException, InterruptedException {
        PollDeadline quiet = new PollDeadline(config.verifyFor());
        PollDeadline deadline = new PollDeadline(config.verifyFor().plus(config.verifyTimeout()));
        boolean hasCheckpoints = triggersCheckpoint(job);
        deadline.require(
                () -> {
                    checked(job, after);
                    if (hasCheckpoints && job.checkpoints().getCounts().getNumberCompletedCheckpoints() == 0) {
                        return false;
                    }
                    Map<String, Long> totals = job.totals();
                    Map<String, Long> missing = missing(before, totals);
                    if (deadline.isOver() && !missing.isEmpty()) {
                        throw new StateLostException("its totals are lower than before the stop, by " + missing);
                    }
                    boolean isStable = quiet.isOver() && missing.isEmpty();
                    if (isStable) {
                        log.detail(
                                (hasCheckpoints ? "a checkpoint is complete, " : "") + "no failure, totals " + totals);
                    }
                    return isStable;
                },
                "no checkpoint of the job " + job.id() + " was complete");
    }

    /** False if the job has no checkpoints. */
    private boolean triggersCheckpoint(RunningJob job) throws IOException, InterruptedException {
        try {
            job.triggerCheckpoint();
            job.checkpoints();
        } catch (ClusterException e) {
            // Otherwise another checkpoint is in progress.
            if (e.kind() == Kind.NOT_FOUND) {
                log.detail("it has no checkpoints: after a failure it starts empty");
                return false;
            }
        }
        return true;
    }

    /** TaskManagers report totals with their heartbeats, so they rise later. Parked trades may become fewer. */
    private static Map<String, Long> missing(Map<String, Long> before, Map<String, Long> now) {
        Map<String, Long> missing = new LinkedHashMap<>();
        before.forEach((title, total) -> {
            long difference = total - now.getOrDefault(title, 0L);
            if (difference > 0 && !title.equals(Account.PARKED.title())) {
                missing.put(title, difference);
            }
        });
        return missing;
    }

    private static JobStatus checked(RunningJob job, long after) throws IOException, InterruptedException {
        JobStatus status = job.details().getJobStatus();
        Optional<RootExceptionInfo> failure = job.latestFailure().filter(latest -> latest.getTimestamp() > after);
        if (failure.isPresent()) {
            throw new IOException(RootCause.in(failure.get().getStacktrace()));
        }
        if (status.isGloballyTerminalState()) {
            throw new IOException("the job " + job.id() + " has ended: " + status);
        }
        return status;
    }
}
