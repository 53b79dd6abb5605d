package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.process.ZooKeeper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job in application mode: a cluster of its own, whose JobManager runs the job's main. */
class ApplicationIT {
    private static final int TRADES = 40_000;
    private static final int PER_SECOND = 1_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @TempDir
    private Path folder;

    @Test
    void theJobComesUpAgainAfterAKillByItselfAndAfterAStopFromTheSavepoint() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                ZooKeeper zooKeeper = ZooKeeper.start();
                TradingDay day = new TradingDay(broker, TRADES)) {
            Map<String, String> settings = TradingDay.settings(zooKeeper.highAvailability());
            day.open(PER_SECOND);
            Recovery recovery;
            String savepoint;
            try (FlinkCluster cluster = FlinkCluster.startApplication(JAR, List.of(), day.arguments(), 1, settings)) {
                FlinkJob job = running(cluster);
                day.awaitMore();
                recovery = Recovery.of(
                        day,
                        () -> {
                            cluster.killJobManager();
                            cluster.startJobManager();
                        },
                        () -> job.restores() > 0 && job.isAllRunning());
                savepoint = job.stopByRest(folder);
                assertThat(cluster.awaitEnd().exitCode()).isZero();
            }
            settings.put("parallelism.default", "1");
            try (FlinkCluster cluster = FlinkCluster.startApplication(
                    JAR, List.of("--fromSavepoint", savepoint), day.arguments(), 1, settings)) {
                FlinkJob job = running(cluster);
                assertThat(job.restores()).isEqualTo(1);
                day.sendTheRest();
                day.assertTotals(job);
                job.stopByRest(folder);
            }
            Verdict verdict = day.verdict();
            System.out.printf("An application's JobManager killed: %s; then a savepoint: %s%n", recovery, verdict);
            assertThat(verdict).matches(Verdict::isExact);
        }
    }

    @Test
    void whatIsWrongInTheSettingsIsSaidInOneSentenceAndEndsTheJobManager() throws Exception {
        try (FlinkCluster cluster = FlinkCluster.startApplication(
                JAR, List.of(), List.of("--kafka.bootstrap.servers", "nowhere:1"), 0, Map.of())) {
            FlinkCluster.Ending ending = cluster.awaitEnd();
            assertThat(ending.exitCode()).isNotZero();
            assertThat(ending.log())
                    .contains("kafka.transactional-id-prefix is not set; give a name that no other application");
        }
    }

    private static FlinkJob running(FlinkCluster cluster) throws Exception {
        FlinkJob job = cluster.application();
        await().atMost(TradingDay.PATIENCE).until(job::isAllRunning);
        return job;
    }
}
