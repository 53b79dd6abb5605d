package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import io.tradeenrichment.cli.deploy.Deployment.State;
import io.tradeenrichment.cli.deploy.Deployment.Version;
import io.tradeenrichment.settings.CommandException;
import io.tradeenrichment.settings.DurationText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.messages.JobExceptionsInfoWithHistory.RootExceptionInfo;
import org.jspecify.annotations.Nullable;

/** Starts versions of the job on one cluster, and records them. A job that is not stable is cancelled. */
record Deployer(DeployConfig config, SessionCluster cluster, DeploymentRecord record, CommandLog log) {
    /** Exit code of a command after which no job runs, or the state of the job is unknown. */
    static final int NO_JOB_RUNS = 3;

    /**
     * Submits the job, and records the deployment just before.
     *
     * @param state a savepoint or checkpoint; null for empty state
     * @return the deployment, which is stable or has failed: its job has ended, and the next one restores its last state
     * @throws IOException if the state of the job is unknown
     */
    Deployment start(Version version, @Nullable String state, boolean allowNonRestoredState)
            throws IOException, InterruptedException {
        Path jar = record.jar(version);
        log.step("Uploads " + version);
        String jarId = cluster.upload(jar);
        Deployment deployment = record.create(new JobID().toString(), version, state);
        RunningJob job = cluster.job(deployment.job());
        String start = "deployment " + deployment.number() + " as job " + job.id() + " from " + Deployment.text(state);
        log.step("Starts " + start, "The start of " + start + " was requested; the job may still be submitted.");
        try {
            cluster.run(jarId, deployment, allowNonRestoredState);
        } catch (ClusterException e) {
            // The job may run: main continues without the connection, and a job survives its JobManager.
            Duration longest = e.kind == Kind.UNANSWERED ? SessionCluster.MAIN_TIMEOUT : Duration.ZERO;
            if (!Polling.isTrueWithin(longest, () -> job.status().isPresent())) {
                return failed(deployment, e, state);
            }
        } finally {
            cluster.delete(jarId);
        }
        return verify(record.update(deployment, created -> created.at(State.DEPLOYED)), 0);
    }

    /** Verifies a job that was started by an interrupted command. Earlier failures are ignored. */
    Deployment verify(Deployment deployment) throws IOException, InterruptedException {
        log.step("Continues the interrupted start of " + deployment.title());
        var earlier = cluster.job(deployment.job()).latestFailure();
        return verify(deployment, earlier.map(RootExceptionInfo::getTimestamp).orElse(0L));
    }

    private Deployment verify(Deployment deployment, long after) throws IOException, InterruptedException {
        RunningJob job = cluster.job(deployment.job());
        Duration timeout = config.startTimeout();
        log.step("Waits until every task runs", deployment.title() + ", job " + job.id() + ", is not stable yet.");
        try {
            Polling.require(timeout, () -> job.isFine(after) && job.everyTaskRuns(), "not every task ran");
            record.update(deployment, deployed -> deployed.at(State.RUNNING));
            log.step("Every task runs; waits " + DurationText.of(config.verifyFor()) + " and for a checkpoint");
            Polling.isTrueWithin(config.verifyFor(), () -> !job.isFine(after));
            Polling.require(timeout, () -> job.isFine(after) && job.hasCheckpoint(), "no checkpoint was complete");
        } catch (IOException e) {
            // Otherwise the job would restart for ever.
            log.detail("it is not stable: " + e.getMessage());
            cancel(deployment);
            return failed(deployment, e, lastState(deployment));
        }
        log.done(deployment.title() + " is stable.");
        log.step(deployment.title() + ", job " + job.id() + ", is stable");
        return record.update(deployment, running -> running.at(State.STABLE));
    }

    private Deployment failed(Deployment deployment, IOException why, @Nullable String state) throws IOException {
        report(state);
        return record.update(deployment, failed -> failed.failed(String.valueOf(why.getMessage()), state));
    }

    /** Cancels the job, unless it has ended, and waits for its end. */
    void cancel(Deployment deployment) throws IOException, InterruptedException {
        RunningJob job = cluster.job(deployment.job());
        log.step("Cancels the job " + job.id(), "The job " + job.id() + " is being cancelled.");
        if (!job.hasEnded()) {
            cluster.request(client -> client.cancel(job.id()));
        }
        job.awaitEnd(config.savepointTimeout());
    }

    /**
     * Finds and records the state that the last output of an ended job was committed with. A restart from an older state writes
     * output twice, so the state is not guessed.
     *
     * @return null if the job was started empty and has completed no checkpoint
     * @throws CommandException if the state is unknown
     */
    @Nullable String lastState(Deployment deployment) throws IOException, InterruptedException {
        Deployment latest = record.latest(deployment);
        if (latest.lastState() != null) {
            return latest.lastState();
        }
        RunningJob job = cluster.job(deployment.job());
        String path;
        try {
            cluster.awaitFreshAnswers();
            path = job.committedState();
        } catch (ClusterException e) {
            if (e.kind != Kind.NOT_FOUND) {
                throw e;
            }
            // Without statistics, a job that is known has ended before it ran.
            if (job.status().isEmpty() || latest.state().compareTo(State.RUNNING) >= 0) {
                throw unknownState(deployment);
            }
            path = deployment.restoredFrom();
        }
        String found = path;
        return record.update(deployment, ended -> ended.ended(found)).lastState();
    }

    @Nullable String report(@Nullable String state) {
        String sentence = "No job runs; the last state is " + Deployment.text(state);
        log.step(sentence, sentence + ". deploy/rollback starts the last stable deployment.");
        return state;
    }

    private static CommandException unknownState(Deployment deployment) {
        String job = deployment.job();
        String sentence = "the last state of the job " + job + " of " + deployment.title() + " is unknown, because the"
                + " cluster does not know the job any more: it is the savepoint savepoint-" + job.substring(0, 6)
                + "-… if the job was stopped, else the highest chk-… in the folder " + job + " of the checkpoints."
                + " deploy/submit --from starts the job from there; from an older state, it writes output twice";
        return new CommandException(NO_JOB_RUNS, sentence);
    }
}
