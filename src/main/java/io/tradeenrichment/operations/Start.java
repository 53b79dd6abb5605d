package io.tradeenrichment.operations;

import io.tradeenrichment.model.Account;
import io.tradeenrichment.settings.DurationText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Brings a version up, and sees that it runs: all its tasks, a checkpoint, no failure, and totals that lack nothing. */
final class Start {
    private final SessionCluster cluster;
    private final DeploymentRecord record;
    private final OperationsConfig config;
    private final Steps steps;

    Start(Session session) {
        this.cluster = session.cluster();
        this.record = session.record();
        this.config = session.config();
        this.steps = session.steps();
    }

    /** Says that the state which a job was started from did not come with it whole. */
    static final class StateLostException extends IOException {
        StateLostException(String sentence) {
            super(sentence);
        }
    }

    /** Says that the cluster, or the job's main, does not want a version: it has not come, and will not. */
    static final class RefusedException extends IOException {
        RefusedException(ClusterException why) {
            super(why.getMessage(), why);
        }
    }

    /**
     * Writes the deployment down and submits it.
     *
     * @throws RefusedException if it was refused; the deployment is then written down as failed
     * @throws IOException if nobody knows whether it has come
     */
    Deployment submit(Version version, Beginning beginning) throws IOException, InterruptedException {
        Path jar = record.jars().find(version.jar());
        String from = beginning.state();
        Deployment deployment = record.starts(SessionCluster.newJobId(), version, from);
        steps.step("Starts " + deployment.title() + (from == null ? ", with empty state" : ""));
        if (from != null) {
            steps.say("from " + from);
        }
        try {
            cluster.run(deployment.job(), jar, version, beginning, config.startTimeout(), () -> asked(deployment));
        } catch (ClusterException e) {
            if (!came(deployment, e)) {
                record.failed(deployment, String.valueOf(e.getMessage()));
                throw new RefusedException(e);
            }
        }
        record.submitted(deployment);
        steps.say("submitted as job " + deployment.job());
        return deployment;
    }

    private void asked(Deployment deployment) throws IOException {
        record.asked(deployment);
        steps.unsettled("The job " + deployment.job()
                + " was asked for, and may still come. The same command again looks" + " for it first.");
    }

    /**
     * Whether the job is there although its start was not answered, or answered badly: main goes on when the connection is
     * gone, and a job that was submitted outlives the JobManager that took it.
     */
    private boolean came(Deployment deployment, ClusterException why) throws IOException, InterruptedException {
        boolean wasAsked = record.latest(deployment).stage() == Deployment.Stage.ASKED;
        if (!wasAsked || why.isUnheard()) {
            return false;
        }
        RunningJob job = cluster.job(deployment.job());
        Deadline deadline = Deadline.in(shorter(config.startTimeout(), SessionCluster.MAIN_TAKES));
        if (why.isUnanswered()) {
            steps.step("Waits whether the job still comes: " + why.getMessage());
        }
        // The cluster's own word that it knows no such job is needed: not to be answered is not to be refused.
        while (job.find().isEmpty()) {
            if (!why.isUnanswered() || deadline.isOver()) {
                return false;
            }
            deadline.pause();
        }
        return true;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Returns when it runs and has been seen to.
     *
     * @param before totals that it must not fall short of
     * @throws StateLostException if it does
     * @throws IOException with the cause, if it fails, restarts, or takes too long
     */
    void verify(Deployment deployment, Map<String, Long> before) throws IOException, InterruptedException {
        verify(deployment, before, 0);
    }

    /** The same of a job that has been running for a while: what it has got over does not count. */
    void verifyFromNowOn(Deployment deployment) throws IOException, InterruptedException {
        verify(deployment, Map.of(), cluster.job(deployment.job()).lastFailure());
    }

    private void verify(Deployment deployment, Map<String, Long> before, long gotOver)
            throws IOException, InterruptedException {
        RunningJob job = cluster.job(deployment.job());
        steps.step("Waits until every task runs");
        awaitRunning(job, gotOver);
        record.runs(deployment);
        Duration quiet = config.verification().quiet();
        steps.step("Every task runs; watches it for " + DurationText.of(quiet) + ", and for a checkpoint");
        watch(job, before, gotOver);
        record.verified(deployment);
        steps.settled(deployment.title() + " runs.");
    }

    private void awaitRunning(RunningJob job, long gotOver) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(config.startTimeout());
        String told = "";
        while (true) {
            RunningJob.Status status = checked(job, gotOver);
            if (status.isAllRunning()) {
                return;
            }
            String progress = job.progress();
            if (!progress.isEmpty() && !progress.equals(told)) {
                steps.say(progress);
                told = progress;
            }
            deadline.pause(() -> "not every task of the job " + job.id() + " ran");
        }
    }

    private void watch(RunningJob job, Map<String, Long> before, long gotOver)
            throws IOException, InterruptedException {
        OperationsConfig.Verification verification = config.verification();
        Deadline quiet = Deadline.in(verification.quiet());
        Deadline deadline = Deadline.in(verification.quiet().plus(verification.timeout()));
        boolean hasCheckpoints = asksForACheckpoint(job);
        while (true) {
            checked(job, gotOver);
            boolean hasOne = !hasCheckpoints || job.completedCheckpoints() > 0;
            Map<String, Long> missing = missing(before, job.totals());
            if (quiet.isOver() && hasOne && missing.isEmpty()) {
                steps.say((hasCheckpoints ? "a checkpoint is complete, " : "") + "no failure, totals " + job.totals());
                return;
            }
            if (deadline.isOver() && hasOne) {
                throw new StateLostException("its totals are lower than before the stop, by " + missing);
            }
            deadline.pause(() -> "no checkpoint of the job " + job.id() + " was complete");
        }
    }

    /** False if the job makes none. */
    private boolean asksForACheckpoint(RunningJob job) throws IOException, InterruptedException {
        try {
            job.checkpoint();
            job.completedCheckpoints();
            return true;
        } catch (ClusterException e) {
            if (e.isMissing()) {
                steps.say("it makes no checkpoints: a failure would begin it anew");
                return false;
            }
            // One more was under way; the next of the interval will do.
            return true;
        }
    }

    /**
     * How much each total lacks, but for the parked trades, which may become fewer. TaskManagers report them with their
     * heartbeats, so they rise a little later.
     */
    private static Map<String, Long> missing(Map<String, Long> before, Map<String, Long> now) {
        Map<String, Long> rising = new LinkedHashMap<>(before);
        rising.remove(Account.PARKED.title());
        Map<String, Long> missing = new LinkedHashMap<>();
        rising.forEach((name, total) -> {
            long lack = total - now.getOrDefault(name, 0L);
            if (lack > 0) {
                missing.put(name, lack);
            }
        });
        return missing;
    }

    private static RunningJob.Status checked(RunningJob job, long gotOver) throws IOException, InterruptedException {
        RunningJob.Status status = job.status();
        Optional<String> failure = job.failure(gotOver);
        if (failure.isPresent()) {
            throw new IOException(failure.get());
        }
        if (status.hasEnded()) {
            throw new IOException("the job " + job.id() + " has ended: " + status.state());
        }
        return status;
    }
}
