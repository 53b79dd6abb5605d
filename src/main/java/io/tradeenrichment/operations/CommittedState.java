package io.tradeenrichment.operations;

import io.tradeenrichment.config.CommandFailure;
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
     * @throws CommandFailure if nobody knows
     */
    static @Nullable String of(Session session, Deployment deployment) throws IOException, InterruptedException {
        SessionCluster cluster = session.cluster();
        RunningJob job = cluster.job(deployment.job());
        boolean isKnown = job.find().isPresent();
        try {
            if (isKnown) {
                cluster.awaitStatistics();
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
        String began = deployment.from();
        throw new CommandFailure(
                Session.NOTHING_RUNS,
                "the cluster " + (isKnown ? "does not tell" : "has forgotten") + " how far the job "
                        + deployment.job() + " of " + deployment.title()
                        + " has come. Its checkpoints, if it completed any,"
                        + " stand below the cluster's checkpoints in a folder of that name: deploy/submit --from starts the job"
                        + " from the newest" + (began == null ? "" : ", or, if there is none, from " + began));
    }
}
