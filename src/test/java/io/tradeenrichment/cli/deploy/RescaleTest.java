package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.deploy.StubCluster.Behavior;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.junit.jupiter.api.Test;

class RescaleTest extends OnStubCluster {

    @Test
    void keepsJarAndSettings() {
        submit();

        assertThat(rescale(3).code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 3 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void refusesTheSameParallelism() {
        submit();
        cluster.requests.clear();

        Outcome same = rescale(2);
        Outcome none = run("rescale");

        assertThat(same.code()).isEqualTo(1);
        assertThat(same.err()).contains("nothing to change");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("nothing to change");
        assertThat(run("rescale", "--parallelism", "0").code()).isEqualTo(2);
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void rollsBackIfTheClusterHasTooFewSlots() {
        submit();
        cluster.nextJobs.add(Behavior.LOADS);

        Outcome failed = run("rescale", "--upgrade.preflight", "false", "--parallelism", "5", "--start.timeout", "1 s");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("not every task ran within 1 s", "It was rolled back");
        assertThat(cluster.lastStart()).startsWith("run at 2 from ");
    }

    @Test
    void reportsThatNoJobRunsWhenItRefuses() {
        submit();
        cluster.nextJobs.addAll(List.of(Behavior.FAILS, Behavior.FAILS));
        upgrade("--jar", b);
        cluster.configuration.removeConfig(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION);

        Outcome refused = rescale(5);

        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains("the cluster takes no checkpoints", "No job runs", "file:/savepoints/savepoint-1");
    }
}
