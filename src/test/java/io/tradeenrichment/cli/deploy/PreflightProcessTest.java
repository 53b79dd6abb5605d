package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class PreflightProcessTest extends OnStubCluster {

    @Test
    void refusesASavepointThatThisMachineCannotReadBeforeTheJobIsStopped() {
        submit();
        cluster.requests.clear();

        Outcome failed = run("upgrade", "--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("this machine cannot read the savepoint", "--upgrade.preflight false");
        assertThat(cluster.requests).containsExactly("savepoint CANONICAL", "dispose file:/savepoints/savepoint-1");
    }

    @Test
    void refusesAJarThatCannotReadTheSavepointBeforeTheJobIsStopped() throws Exception {
        submit();
        cluster.requests.clear();
        cluster.folder = folder.toUri().toString();
        Files.createDirectories(folder.resolve("savepoint-1"));
        Files.createFile(folder.resolve("savepoint-1/_metadata"));

        Outcome failed = run("upgrade", "--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("b.jar", "Nothing was changed");
        assertThat(cluster.requests).noneMatch(request -> request.startsWith("stop"));
    }
}
