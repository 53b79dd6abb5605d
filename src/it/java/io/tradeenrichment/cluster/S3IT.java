package io.tradeenrichment.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.WorkloadRun;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.S3Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checkpoints and savepoints in an object store: a recovery from one, a restore from the other. */
class S3IT {
    private static final int TRADES = 30_000;
    private static final int PER_SECOND = 1_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @Test
    void restoresTheJobFromACheckpointAndFromASavepointInTheBucket() throws Exception {
        try (S3Server s3 = S3Server.start();
                WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            try (FlinkCluster cluster =
                    FlinkCluster.start(FlinkCluster.NEWER, 2, WorkloadRun.settings(s3.checkpoints()))) {
                FlinkJob job = submitted(cluster, run, List.of("-p", "2"));
                run.start(PER_SECOND);
                run.awaitMoreOutput();
                RecoveryTime recovery = RecoveryTime.of(
                        run, () -> cluster.killTaskManager(1), () -> job.restores() > 0 && job.isAllRunning());
                assertThat(job.latestCheckpoint())
                        .startsWith(s3.folder("checkpoints").toString());
                String savepoint = job.stop(s3.folder("savepoints"));
                assertThat(savepoint).startsWith(s3.folder("savepoints").toString());

                FlinkJob next = submitted(cluster, run, List.of("-p", "1", "-s", savepoint));
                assertThat(next.restores()).isEqualTo(1);
                run.sendRemaining();
                run.assertTotals(next);
                next.stop(s3.folder("savepoints"));

                Result result = run.result();
                System.out.printf("State on S3, a TaskManager killed: %s; then a savepoint: %s%n", recovery, result);
                assertThat(result).matches(Result::isExact);
            }
        }
    }

    private static FlinkJob submitted(FlinkCluster cluster, WorkloadRun run, List<String> options) throws Exception {
        FlinkJob job = cluster.submit(JAR, options, run.arguments());
        await().atMost(WorkloadRun.TIMEOUT).until(job::isAllRunning);
        return job;
    }
}
