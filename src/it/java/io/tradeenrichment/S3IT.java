package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.process.S3Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** State that is kept in an object store and not in a file system: checkpoints, a recovery, a savepoint, a restore. */
class S3IT {
    private static final int TRADES = 30_000;
    private static final int PER_SECOND = 1_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @Test
    void theJobIsRestoredFromACheckpointAndFromASavepointInTheBucket() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                S3Server s3 = S3Server.start();
                TradingDay day = new TradingDay(broker, TRADES)) {
            try (FlinkCluster cluster =
                    FlinkCluster.start(FlinkCluster.NEWER, 2, TradingDay.settings(s3.checkpoints()))) {
                FlinkJob job = submitted(cluster, day, List.of("-p", "2"));
                day.open(PER_SECOND);
                day.awaitMore();
                Recovery recovery = Recovery.of(
                        day, () -> cluster.killTaskManager(1), () -> job.restores() > 0 && job.isAllRunning());
                assertThat(job.latestCheckpoint())
                        .startsWith(s3.folder("checkpoints").toString());
                String savepoint = job.stop(s3.folder("savepoints"));
                assertThat(savepoint).startsWith(s3.folder("savepoints").toString());

                FlinkJob next = submitted(cluster, day, List.of("-p", "1", "-s", savepoint));
                assertThat(next.restores()).isEqualTo(1);
                day.sendTheRest();
                day.assertTotals(next);
                next.stop(s3.folder("savepoints"));

                Verdict verdict = day.verdict();
                System.out.printf("State on S3, a TaskManager killed: %s; then a savepoint: %s%n", recovery, verdict);
                assertThat(verdict).matches(Verdict::isExact);
            }
        }
    }

    private static FlinkJob submitted(FlinkCluster cluster, TradingDay day, List<String> options) throws Exception {
        FlinkJob job = cluster.submit(JAR, options, day.arguments());
        await().atMost(TradingDay.PATIENCE).until(job::isAllRunning);
        return job;
    }
}
