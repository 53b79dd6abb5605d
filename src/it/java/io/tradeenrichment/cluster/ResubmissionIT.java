package io.tradeenrichment.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.JvmMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The cluster's processes retain neither classes nor rows of a cancelled job. Four submissions show a leak;
 * {@code -Dsubmissions=20} measures twenty.
 */
class ResubmissionIT {
    private static final int SUBMISSIONS = Integer.getInteger("submissions", 4);
    /** Submissions that fill Flink's own caches. */
    private static final int WARM_UP = 2;
    /** In MB: a quarter of the metaspace of one submission's classes. */
    private static final long METASPACE_TOLERANCE = 4;

    private static final int ROWS = 100_000;
    private static final long HEAP_TOLERANCE = 8;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @Test
    void aCancelledJobLeavesNoClassesAndNoRowsInTheCluster() throws Exception {
        try (FlinkCluster cluster = FlinkCluster.start(1, Map.of("execution.checkpointing.timeout", "1 min"));
                Topics topics = new Topics(KAFKA).createAll()) {
            sendManyRows(topics);
            // Each job reads the trade again, because it is not restored from a savepoint.
            topics.send(List.of(Samples.tradeRecord(1, 1, 1)));
            List<JvmMemory> taskManager = new ArrayList<>();
            List<JvmMemory> jobManager = new ArrayList<>();
            for (int submission = 0; submission < SUBMISSIONS; submission++) {
                FlinkJob job = cluster.upload(JAR, topics.arguments());
                await().atMost(TIMEOUT)
                        .until(() -> job.isAllRunning()
                                && Long.valueOf(1).equals(job.totals().get("enriched")));
                job.cancel();
                await().atMost(TIMEOUT).until(() -> job.state().equals("CANCELED"));
                if (submission >= WARM_UP) {
                    // Some threads of a job end after its state is CANCELED.
                    await().atMost(TIMEOUT)
                            .untilAsserted(() -> assertRetainsNoMoreThan(
                                    taskManager.get(WARM_UP - 1), cluster.taskManagerMemory(1)));
                }
                taskManager.add(cluster.taskManagerMemory(1));
                jobManager.add(cluster.jobManagerMemory());
            }
            System.out.println(
                    "Retained after each of " + SUBMISSIONS + " submissions, in MB: TaskManager " + taskManager);
            System.out.println("JobManager " + jobManager);
            assertRetainsNoMoreThan(jobManager.get(WARM_UP - 1), jobManager.get(SUBMISSIONS - 1));
        }
    }

    private static void assertRetainsNoMoreThan(JvmMemory before, JvmMemory now) {
        assertThat(now.metaspace()).isLessThanOrEqualTo(before.metaspace() + METASPACE_TOLERANCE);
        assertThat(now.heap()).isLessThanOrEqualTo(before.heap() + HEAP_TOLERANCE);
    }

    /** Enough rows to show in the heap if they are retained. */
    private static void sendManyRows(Topics topics) {
        try (var producer = topics.producer()) {
            for (long id = 0; id < ROWS; id++) {
                producer.send(topics.record(Samples.stockRecord(id, 1_000_000, "T" + id)));
            }
            producer.send(topics.record(Samples.userRecord(1, 1_000_000, "u")));
        }
    }
}
