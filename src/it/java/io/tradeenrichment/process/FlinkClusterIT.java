package io.tradeenrichment.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The processes of a {@link FlinkCluster}. */
class FlinkClusterIT {

    @Test
    void replacesAKilledTaskManagerAndReportsARefusedSubmission() throws Exception {
        try (FlinkCluster cluster = FlinkCluster.start(1, Map.of())) {
            int replacement = cluster.startTaskManager();
            cluster.killTaskManager(1);
            cluster.awaitTaskManagers();
            assertThat(replacement).isEqualTo(2);
            assertThat(cluster.rest().get("/jobmanager/config").toString()).contains("exponential-delay");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> cluster.submit(Path.of(System.getProperty("shaded.jar")), List.of()))
                    .withMessageContaining("kafka.bootstrap.servers");
        }
    }
}
