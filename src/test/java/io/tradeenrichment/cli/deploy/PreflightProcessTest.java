package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PreflightProcessTest extends OnStubCluster {

    @Test
    void refusesAJarThatCannotCheckTheSavepointBeforeTheJobIsStopped() {
        submit();
        cluster.requests.clear();

        Outcome failed = run("upgrade", "--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("the preflight of b.jar", "Nothing was changed; --upgrade.preflight false");
        assertThat(cluster.requests).containsExactly("savepoint CANONICAL", "dispose file:/savepoints/savepoint-1");
    }
}
