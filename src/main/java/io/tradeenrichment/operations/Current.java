package io.tradeenrichment.operations;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deployment that counts now: it runs, or it was stopped and nothing has taken its place.
 *
 * @param stoppedWith null while it runs
 */
record Current(
        Deployment deployment, RunningJob job, @Nullable String stoppedWith) {

    boolean isRunning() {
        return stoppedWith == null;
    }

    /**
     * Holds the record against the cluster.
     *
     * @throws IOException if what runs is not what the record says, or if nobody knows where the state is
     */
    static Current find(Session session, String name) throws IOException, InterruptedException {
        SessionCluster cluster = session.cluster();
        DeploymentRecord record = session.record();
        Optional<RunningJob> running = awaitRunning(session, name);
        for (Deployment deployment : record.latestFirst()) {
            RunningJob job = cluster.job(deployment.job());
            if (running.isPresent() && running.get().id().equals(deployment.job())) {
                return new Current(deployment, job, null);
            }
            if (running.isEmpty() && deployment.failed() == null) {
                Optional<String> savepoint = stoppedWith(deployment, job);
                if (savepoint.isPresent()) {
                    return new Current(deployment, job, savepoint.get());
                }
                if (deployment.ran()) {
                    throw new IOException("no job " + name + " runs, and " + deployment.title()
                            + " was not stopped with a savepoint; deploy/submit --from starts one from its last retained"
                            + " checkpoint, below the cluster's checkpoints in " + deployment.job());
                }
            }
        }
        throw running.isPresent()
                ? new IOException(
                        "the job " + running.get().id() + " runs, but was not deployed with the record " + record
                                + "; stop it with a savepoint (flink stop), and start it by deploy/submit --from SAVEPOINT")
                : new IOException(
                        "nothing was deployed yet with the record " + record + "; deploy/submit starts a job");
    }

    /** What a command that was broken off has sent may still be on its way: main takes its time on the JobManager. */
    private static Optional<RunningJob> awaitRunning(Session session, String name)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(session.config().answerTimeout());
        Optional<Deployment> latest =
                session.record().latestFirst().stream().findFirst().filter(Deployment::isOpen);
        boolean isExpected =
                latest.isPresent() && !session.cluster().isKnown(latest.get().job());
        if (isExpected) {
            session.steps().step("Waits whether a job still comes whose start was broken off");
        }
        while (true) {
            Optional<RunningJob> running = session.cluster().running(name);
            if (running.isPresent() || !isExpected || deadline.isOver()) {
                return running;
            }
            deadline.pause();
        }
    }

    /** A command that was broken off may have left it to the cluster to know. */
    private static Optional<String> stoppedWith(Deployment deployment, RunningJob job)
            throws ClusterException, InterruptedException {
        if (deployment.stoppedWith() != null) {
            return Optional.of(deployment.stoppedWith());
        }
        try {
            return job.stoppedWith();
        } catch (ClusterException e) {
            if (e.isMissing()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
