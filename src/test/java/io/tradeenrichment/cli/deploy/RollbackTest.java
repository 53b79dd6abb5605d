package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.deploy.StubCluster.Behavior;
import org.junit.jupiter.api.Test;

class RollbackTest extends OnStubCluster {

    @Test
    void startsTheEarlierVersionFromTheCurrentState() {
        submit();
        upgrade("--jar", b, "--parallelism", "3", "--", "--dedup.retention", "2 h");

        assertThat(rollback().code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/savepoints/savepoint-2: " + SERVERS);
    }

    @Test
    void cancelsAJobThatCannotWriteASavepointAndRestoresItsLastCheckpoint() {
        submit();
        upgrade("--jar", b);
        String failing = cluster.running();
        cluster.failRunningJob("poison");
        cluster.savepointFailure = "not all tasks run";

        assertThat(rollback().code()).isZero();
        assertThat(cluster.requests).contains("cancel");
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/checkpoints/" + failing + "/chk-1: " + SERVERS);
    }

    @Test
    void doesNotCancelAJobThatWouldDeleteItsCheckpoints() {
        submit();
        upgrade("--jar", b);
        cluster.failRunningJob("poison");
        cluster.savepointFailure = "not all tasks run";
        cluster.deletesCheckpoints = true;

        Outcome refused = rollback();

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("a cancellation would delete its checkpoints", "Nothing was changed");
        assertThat(cluster.requests).doesNotContain("cancel");
    }

    @Test
    void choosesAnotherVersionAlthoughTheSameOneWasStableBefore() {
        submit();
        upgrade("--jar", b);
        cluster.nextJobs.add(Behavior.FAILS);
        upgrade("--parallelism", "3");

        assertThat(rollback().out()).containsPattern("deployment 5, a.jar .*, is stable");
        assertThat(rollback().out()).containsPattern("deployment 6, b.jar .*, is stable");
    }

    @Test
    void refusesARollbackWithoutATarget() {
        Outcome empty = rollback();
        submit();
        Outcome first = rollback();
        Outcome number = rollback("--rollback.to", "7");
        Outcome same = rollback("--rollback.to", "1");

        assertThat(empty.err()).contains("has no deployment; deploy/submit starts a job");
        assertThat(first.err()).contains("has no earlier stable version");
        assertThat(number.err())
                .isEqualTo("the record " + record.resolve("deployments.jsonl") + " has no deployment 7\n");
        assertThat(same.code()).isEqualTo(1);
        assertThat(same.err()).contains("nothing to change");
    }
}
