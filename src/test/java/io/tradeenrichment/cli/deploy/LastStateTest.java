package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.deploy.StubCluster.Behavior;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The next job restores the state that the last output was committed with, so no output is written twice. */
class LastStateTest extends OnStubCluster {

    @Test
    void isTheRestoredCheckpointAfterAFailover() {
        submit();
        upgrade("--jar", b);
        String failing = cluster.running();
        cluster.failOver();
        cluster.failRunningJob("poison");
        cluster.savepointFailure = "not all tasks run";

        assertThat(rollback().code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/checkpoints/" + failing + "/chk-1: " + SERVERS);
    }

    @Test
    void isTheRestoredCheckpointOfANewVersionAfterAFailover() {
        submit();
        cluster.nextJobs.add(Behavior.FAILS_AFTER_CHECKPOINT_AND_FAILOVER);

        assertThat(upgrade("--jar", b).code()).isEqualTo(1);
        assertThat(cluster.lastStart()).startsWith("run at 2 from file:/checkpoints/");
    }

    @Test
    void isNotASavepointOfARunningJob() {
        submit();
        upgrade("--jar", b);
        String failing = cluster.running();
        cluster.takeSavepoint(false);
        cluster.savepointFailure = "not all tasks run";

        assertThat(rollback().code()).isZero();
        assertThat(cluster.lastStart()).startsWith("run at 2 from file:/checkpoints/" + failing);
    }

    @Test
    void isTheSavepointOfTheStopAlthoughTheJobFailedWhileItFinished() {
        submit();
        cluster.failsDuringStop = true;

        Outcome upgraded = upgrade("--jar", b);

        assertThat(upgraded.code()).isZero();
        assertThat(upgraded.out()).contains("a task was lost while it finished");
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void isNotGuessedIfTheClusterDoesNotKnowTheJob() {
        submit();
        upgrade("--jar", b);
        cluster.forgetJobs();
        cluster.requests.clear();

        for (Outcome refused : List.of(rescale(3), rollback(), submit())) {
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("the last state of the job", "b.jar", "is unknown", "deploy/submit --from")
                    .contains("savepoint-", "chk-");
        }
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void isNotGuessedIfAnInterruptedStartWasLongAgo() throws Exception {
        submit();
        upgrade("--jar", b);
        cluster.takeSavepoint(true);
        recordInterruptedStart("f".repeat(32), 2, Duration.ofMinutes(30));

        // The cluster would still know the job.
        assertThat(rescale(3).code()).isZero();

        cluster.takeSavepoint(true);
        recordInterruptedStart("e".repeat(32), 2, Duration.ofHours(2));

        Outcome refused = rescale(2);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("the last state of the job " + "e".repeat(32));
    }
}
