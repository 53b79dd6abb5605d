package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.deploy.StubCluster.Behavior;
import java.util.List;
import org.junit.jupiter.api.Test;

class RescaleTest extends OnStubCluster {

    @Test
    void keepsJarAndSettings() {
        submit();

        assertThat(rescale(3).code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 3 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void refusesAnImpossibleParallelismBeforeItStopsTheJob() {
        submit();
        cluster.requests.clear();

        Outcome slots = rescale(5);
        cluster.slots = 1_000;
        Outcome most = rescale(129);
        Outcome same = rescale(2);

        assertThat(slots.err()).contains("parallelism 5 needs 5 slots").contains("has 4");
        assertThat(most.err()).contains("parallelism 129 is higher than 128, the max parallelism");
        assertThat(same.err()).contains("nothing to change");
        assertThat(run("rescale").code()).isEqualTo(2);
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void reportsThatNoJobRunsWhenItRefuses() {
        submit();
        cluster.nextJobs.addAll(List.of(Behavior.FAILS, Behavior.FAILS));
        upgrade("--jar", b);

        Outcome refused = rescale(5);

        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains("parallelism 5 needs 5 slots", "No job runs", "file:/savepoints/savepoint-1");
    }
}
