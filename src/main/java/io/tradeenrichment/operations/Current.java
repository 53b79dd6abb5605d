package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deployment that counts now: it runs, or it has ended and nothing has taken its place.
 *
 * @param state where it ended; null while it runs, and if it had begun empty and completed nothing
 */
record Current(
        Deployment deployment,
        RunningJob job,
        boolean isRunning,
        @Nullable String state) {

    /**
     * Holds the record against the cluster.
     *
     * @param beside whether a job of that name that others have started is none of our business
     * @throws IOException if what runs is not what the record says, or if nobody knows where the state is
     */
    static Current find(Session session, String name, boolean beside) throws IOException, InterruptedException {
        Optional<Current> latest;
        try {
            latest = latest(session);
        } catch (CommandException e) {
            refuseOthers(session, name, beside);
            throw e;
        }
        if (latest.isEmpty() || !latest.get().isRunning()) {
            refuseOthers(session, name, beside && latest.isPresent());
        }
        Current current = latest.orElseThrow(() -> new IOException(
                "nothing was deployed yet with the record " + session.record() + "; deploy/submit starts a job"));
        if (!current.isRunning()) {
            session.steps()
                    .unsettled("Nothing runs; " + current.deployment().title() + " has ended, and its state is "
                            + Beginning.with(current.state()) + ". deploy/rollback starts what held last.");
        }
        return current;
    }

    /** Other jobs of that name; the record's own are looked at one by one. */
    private static void refuseOthers(Session session, String name, boolean beside)
            throws IOException, InterruptedException {
        for (RunningJob job : session.cluster().running(name)) {
            if (!session.record().has(job) && !beside) {
                throw new IOException("the job " + job.id() + " runs, but was not deployed with the record "
                        + session.record()
                        + "; if it was with another, name that by --" + OperationsOptions.RECORD.key()
                        + "; if by other means, stop it with a savepoint (flink stop), and start it by deploy/submit --from"
                        + " SAVEPOINT; if it has nothing to do with this one, say --"
                        + OperationsOptions.BESIDE.key() + " true");
            }
        }
    }

    /**
     * The deployment that counts, by what the cluster knows of each: the latest that is there, or was.
     *
     * @return empty if there is none, or if none has ever come to a cluster
     * @throws IOException if several run, or if the latest is gone and nobody knows where its state is
     */
    static Optional<Current> latest(Session session) throws IOException, InterruptedException {
        for (Deployment deployment : session.record().latestFirst()) {
            RunningJob job = session.cluster().job(deployment.job());
            boolean runs = runsByNow(session, deployment);
            if (deployment.stoppedWith() != null) {
                if (runs) {
                    job.awaitEnd(session.config().savepoints().timeout());
                }
                return Optional.of(new Current(deployment, job, false, deployment.stoppedWith()));
            }
            if (runs) {
                refuseSeveral(session, deployment);
                return Optional.of(new Current(deployment, job, true, null));
            }
            if (deployment.isOpen() && hasCome(deployment, job)) {
                return Optional.of(new Current(deployment, job, false, end(session, deployment)));
            }
        }
        return Optional.empty();
    }

    /** It ended by itself, or by others' hands, or the command that ended it was broken off. */
    private static @Nullable String end(Session session, Deployment deployment)
            throws IOException, InterruptedException {
        String state = CommittedState.of(session, deployment);
        if (state != null) {
            session.record().stopped(deployment, state);
        }
        return state;
    }

    /** @throws CommandException if that cannot be told any more */
    private static boolean hasCome(Deployment deployment, RunningJob job) throws IOException, InterruptedException {
        if (deployment.stage() == Deployment.Stage.BEGUN) {
            return false;
        }
        boolean isKnown = job.find().isPresent();
        if (!isKnown && deployment.stage() == Deployment.Stage.ASKED) {
            // One that came and ended would still be remembered, for a while.
            if (passed(deployment).compareTo(SessionCluster.REMEMBERS) < 0) {
                return false;
            }
            throw CommittedState.forgotten(deployment);
        }
        return true;
    }

    /** Since it was known to have come as far as it did, by this machine's clock, which may have been set back. */
    private static Duration passed(Deployment deployment) {
        Duration passed = Duration.between(deployment.since(), Instant.now());
        return passed.isNegative() ? Duration.ZERO : passed;
    }

    /**
     * Whether it runs, or comes to: what a command that was broken off has asked for may still come, for main takes its time
     * on the JobManager.
     */
    static boolean runsByNow(Session session, Deployment deployment) throws IOException, InterruptedException {
        RunningJob job = session.cluster().job(deployment.job());
        Deadline deadline = Deadline.in(SessionCluster.MAIN_TAKES.minus(passed(deployment)));
        boolean mayCome = deployment.isOpen() && deployment.stage() == Deployment.Stage.ASKED;
        boolean isTold = false;
        while (true) {
            Optional<RunningJob.Status> status = job.find();
            if (status.isPresent() || !mayCome || deadline.isOver()) {
                return status.isPresent() && !status.get().hasEnded();
            }
            if (!isTold) {
                session.steps().step("Waits whether a job still comes whose start was broken off");
                isTold = true;
            }
            deadline.pause();
        }
    }

    private static void refuseSeveral(Session session, Deployment latest) throws IOException, InterruptedException {
        for (Deployment deployment : session.record().latestFirst()) {
            boolean isOther = deployment.isOpen() && deployment.number() != latest.number();
            Optional<RunningJob.Status> status =
                    isOther ? session.cluster().job(deployment.job()).find() : Optional.empty();
            if (status.isPresent() && !status.get().hasEnded()) {
                throw new IOException("both " + deployment.title() + ", job " + deployment.job() + ", and "
                        + latest.title() + ", job " + latest.job() + ", run, so nobody knows which is meant; stop one"
                        + " of them with a savepoint, or give each a --" + OperationsOptions.RECORD.key()
                        + " of its own");
            }
        }
    }
}
