package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.cli.deploy.Deployment.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeploymentRecordTest extends OnStubCluster {

    @Test
    void restoresEachDeploymentAsItWasLast() throws Exception {
        Deployment failed;
        Deployment created;
        try (DeploymentRecord open = new DeploymentRecord(record)) {
            Deployment.Version version = open.keep(Path.of(a), Map.of("dedup.retention", "2 h"), 3);
            Deployment first = open.create("f".repeat(32), version, "file:/savepoint");
            open.update(first, deployment -> deployment.at(State.RUNNING));
            failed = open.update(first, deployment -> deployment.failed("the disk is full", "file:/chk-1"));
            created = open.create("e".repeat(32), version, null);
        }

        assertThat(deployments()).containsExactly(created, failed);
        assertThat(failed.lastState()).isEqualTo("file:/chk-1");
        assertThat(failed.restoredFrom()).isEqualTo("file:/savepoint");
    }

    @Test
    void namesALineThatIsNotADeployment() throws Exception {
        submit();
        Files.writeString(record.resolve("deployments.jsonl"), "half a li", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> new DeploymentRecord(record))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("deployments.jsonl, line 5 is not a deployment");
        assertThat(submit().code()).isEqualTo(1);
    }

    @Test
    void isUsedByOneCommandAtATime() throws Exception {
        try (DeploymentRecord open = new DeploymentRecord(record)) {
            assertThat(open.latestFirst()).isEmpty();
            Outcome second = submit();
            assertThat(second.code()).isEqualTo(1);
            assertThat(second.err()).contains("another command uses the record");
        }
    }

    @Test
    void doesNotStartAJarThatWasChangedInTheRecord() throws Exception {
        submit();
        upgrade("--jar", b);
        try (Stream<Path> jars = Files.list(record.resolve("jars"))) {
            for (Path jar : jars.toList()) {
                Files.writeString(jar, "other");
            }
        }

        Outcome back = rollback();

        assertThat(back.code()).isEqualTo(1);
        assertThat(back.err()).contains("a.jar", "was changed");
        assertThat(cluster.requests)
                .filteredOn(request -> request.startsWith("stop"))
                .hasSize(1);
    }
}
