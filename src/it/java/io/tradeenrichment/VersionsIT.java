package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One jar, one day's trades, clusters of two versions of Flink: each goes on from the savepoint of the one before. */
class VersionsIT {
    private static final int TRADES = 40_000;
    private static final int PER_SECOND = 1_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final String USUAL = System.getProperty("flink.version");
    private static final String OTHER = System.getProperty("flink.other.version");

    @TempDir
    private Path folder;

    private String savepoint;

    /** What happens on the way from one savepoint to the next. */
    private interface Stage {
        void pass(FlinkJob job) throws Exception;
    }

    @Test
    void aSavepointGoesFromOneVersionToTheOtherAtAnotherParallelism() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                TradingDay day = new TradingDay(broker, TRADES)) {
            day.open(PER_SECOND);
            run(day, USUAL, 2, job -> day.awaitMore());
            run(day, OTHER, 3, job -> {
                day.sendTheRest();
                day.assertTotals(job);
            });

            Verdict verdict = day.verdict();
            System.out.printf("Flink %s, then %s, by a savepoint: %s%n", USUAL, OTHER, verdict);
            assertThat(verdict).matches(Verdict::isExact);
        }
    }

    /** Goes on where the last savepoint was taken, and takes one. */
    private void run(TradingDay day, String version, int parallelism, Stage stage) throws Exception {
        try (FlinkCluster cluster =
                FlinkCluster.start(version, 1, TradingDay.settings(Map.of("taskmanager.numberOfTaskSlots", "3")))) {
            assertThat(cluster.rest().get("/config").get("flink-version").asText())
                    .isEqualTo(version);
            List<String> options = new ArrayList<>(List.of("-p", String.valueOf(parallelism)));
            if (savepoint != null) {
                options.addAll(List.of("-s", savepoint));
            }
            FlinkJob job = cluster.submit(JAR, options, day.arguments());
            await().atMost(TradingDay.PATIENCE).until(job::isAllRunning);
            assertThat(job.restores()).isEqualTo(savepoint == null ? 0 : 1);
            stage.pass(job);
            savepoint = job.stop(folder);
        }
    }
}
