package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command continues where an interrupted one has stopped. */
class InterruptedCommandTest extends OnStubCluster {

    @Test
    void continuesFromTheSavepointOfAnInterruptedStop() {
        submit();
        cluster.takeSavepoint(true);

        Outcome continued = rescale(3);

        assertThat(continued.code()).isZero();
        assertThat(continued.out()).contains("No job runs");
        assertThat(cluster.lastStart()).isEqualTo("run at 3 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void startsAnewIfTheClusterDidNotReceiveTheStart() throws Exception {
        submit();
        upgrade("--parallelism", "3");
        cluster.takeSavepoint(true);
        recordInterruptedStart("f".repeat(32), 3, Duration.ofMinutes(5));

        Outcome continued = rescale(4);

        assertThat(continued.code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 4 from file:/savepoints/savepoint-2: " + SERVERS);
    }

    @Test
    void startsNoJobWhileAnInterruptedSubmitMayStillSubmitItsOwn() throws Exception {
        String late = cluster.submitElsewhere();
        cluster.hide(late);
        recordInterruptedStart(late, 2, Duration.ZERO);

        for (Outcome early :
                List.of(submit("--fresh", "true"), submit("--from", "file:/found"), rescale(3), rollback())) {
            assertThat(early.code()).isEqualTo(3);
            assertThat(early.err())
                    .contains("the start of deployment 1", "its job " + late + " may still be submitted")
                    .containsPattern("run the command again in 1[01]\\d s");
        }
        cluster.show(late);
        Outcome second = submit("--fresh", "true");

        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err()).contains("the job is already on the cluster: [" + late);
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void verifiesTheJobOfAnInterruptedStart() throws Exception {
        recordInterruptedStart(cluster.submitElsewhere(), 2, Duration.ZERO);

        Outcome continued = rescale(2);

        assertThat(continued.code()).isZero();
        assertThat(continued.out()).contains("Continues the interrupted start of deployment 1");
        assertThat(rescale(2).code()).isEqualTo(1);
    }

    @Test
    void rollsBackAnInterruptedStartThatIsNotStable() throws Exception {
        submit();
        upgrade("--parallelism", "1");
        cluster.takeSavepoint(true);
        String failing = cluster.submitElsewhere();
        recordInterruptedStart(failing, 3, Duration.ZERO);
        cluster.failRunningJob("poison");

        Outcome failed = rescale(3);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("poison", "It was rolled back: deployment 4");
        assertThat(cluster.lastStart()).isEqualTo("run at 1 from file:/checkpoints/" + failing + "/chk-1: " + SERVERS);
    }

    @Test
    void refusesToChooseBetweenTwoRunningJobs() throws Exception {
        submit();
        String first = cluster.running();
        String late = cluster.submitElsewhere();
        recordInterruptedStart(late, 2, Duration.ofMinutes(3));

        Outcome refused = rescale(3);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("does not match the jobs that run", first, late);
    }
}
