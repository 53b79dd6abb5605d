package io.tradeenrichment.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.WorkloadRun;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.ClassResource;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The shaded jar on a session cluster and a broker, each a process of its own. */
class ClusterIT {
    private static final int TRADES = 60_000;
    private static final int PER_SECOND = 5_000;
    private static final int FEW_TRADES = 2_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @RegisterExtension
    static final ClassResource<FlinkCluster> CLUSTER =
            ClassResource.of(() -> FlinkCluster.start(2, WorkloadRun.settings(Map.of())));

    @TempDir
    private Path folder;

    @Test
    void writesEveryTradeOnceWhenATaskManagerIsKilled() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            FlinkCluster cluster = CLUSTER.get();
            FlinkJob job = cluster.submit(JAR, run.arguments());
            await().atMost(WorkloadRun.TIMEOUT).until(job::isAllRunning);
            run.start(PER_SECOND);
            run.awaitMoreOutput();
            RecoveryTime recovery = RecoveryTime.of(
                    run, () -> cluster.killTaskManager(1), () -> job.restores() > 0 && job.isAllRunning());
            cluster.startTaskManager();
            run.sendRemaining();
            run.assertTotals(job);
            assertThat(job.restarts()).isPositive();
            job.stop(folder);

            Result result = run.result();
            System.out.printf("A TaskManager killed: %s: %s%n", recovery, result);
            assertThat(result).matches(Result::isExact);
            cluster.awaitTaskManagers();
        }
    }

    @Test
    void aJobSubmittedByTheWebUiReadsItsSettingsFromTheConfigurationFolder() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, FEW_TRADES)) {
            CLUSTER.get().writeJobSettings(run.arguments());
            FlinkJob job = CLUSTER.get().upload(JAR, List.of());
            run.sendRemaining();
            run.assertTotals(job);
            job.stop(folder);
            assertThat(run.result()).matches(Result::isExact);
        }
    }
}
