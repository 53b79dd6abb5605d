package io.tradeenrichment.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.WorkloadRun;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One jar on clusters of two Flink versions: the second restores the savepoint of the first. */
class VersionsIT {
    private static final int TRADES = 40_000;
    private static final int PER_SECOND = 1_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final String USUAL = System.getProperty("flink.version");
    private static final String OTHER = System.getProperty("flink.other.version");

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    private String savepoint;

    /** What the test does between start and savepoint. */
    private interface Stage {
        void execute(FlinkJob job) throws Exception;
    }

    @Test
    void aSavepointOfOneFlinkVersionIsRestoredByTheOtherAtAnotherParallelism() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            run.start(PER_SECOND);
            stage(run, USUAL, 2, job -> run.awaitMoreOutput());
            stage(run, OTHER, 3, job -> {
                run.sendRemaining();
                run.assertTotals(job);
            });

            Result result = run.result();
            System.out.printf("Flink %s, then %s, by a savepoint: %s%n", USUAL, OTHER, result);
            assertThat(result).matches(Result::isExact);
        }
    }

    /** Restores the last savepoint, if there is one, and stops the job with another. */
    private void stage(WorkloadRun run, String version, int parallelism, Stage stage) throws Exception {
        try (FlinkCluster cluster =
                FlinkCluster.start(version, 1, WorkloadRun.settings(Map.of("taskmanager.numberOfTaskSlots", "3")))) {
            assertThat(cluster.rest().get("/config").get("flink-version").asText())
                    .isEqualTo(version);
            List<String> options = new ArrayList<>(List.of("-p", String.valueOf(parallelism)));
            if (savepoint != null) {
                options.addAll(List.of("-s", savepoint));
            }
            FlinkJob job = cluster.submit(JAR, options, run.arguments());
            await().atMost(WorkloadRun.TIMEOUT).until(job::isAllRunning);
            assertThat(job.restores()).isEqualTo(savepoint == null ? 0 : 1);
            stage.execute(job);
            savepoint = job.stop(folder);
        }
    }
}
