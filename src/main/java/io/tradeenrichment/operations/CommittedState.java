package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CommandException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where a job that has ended has left the state that its output was last committed with. What goes on from anything older
 * writes output a second time; so if it is not known, it is not guessed.
 */
final class CommittedState {
    private CommittedState() {}

    /**
     * @return null if it began empty and has completed nothing
     * @throws CommandException if nobody knows
     */
    static @Nullable String of(Session session, Deployment deployment) throws IOException, InterruptedException {
        SessionCluster cluster = session.cluster();
        RunningJob job = cluster.job(deployment.job());
        boolean isKnown = job.find().isPresent();
        try {
            if (isKnown) {
                cluster.awaitFreshAnswers();
                return job.committedState();
            }
        } catch (ClusterException e) {
            if (!e.isMissing()) {
                throw e;
            }
            // It has ended before it could make a checkpoint, or makes none.
            if (session.record().latest(deployment).stage().compareTo(Deployment.Stage.RAN) < 0) {
                return deployment.from();
            }
        }
        throw forgotten(deployment);
    }

    /** What to do about a job of which only its files are left. */
    static CommandException forgotten(Deployment deployment) {
        String job = deployment.job();
        return new CommandException(
                Session.NOTHING_RUNS,
                "the cluster has forgotten how far the job " + job + " of " + deployment.title()
                        + " has come. Look among its savepoints for savepoint-" + job.substring(0, 6)
                        + "-…: if it was stopped, it is there, and its checkpoints are deleted. If not, its newest checkpoint"
                        + " is the highest chk-… in the folder " + job + " of the cluster's checkpoints. deploy/submit"
                        + " --from goes on from there; from anything older, output is written a second time");
    }
}
