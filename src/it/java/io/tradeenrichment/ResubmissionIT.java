package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.JvmMemory;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A job that ends leaves nothing behind in its cluster: neither its classes nor its rows. Twenty submissions are shown by
 * {@code -Dsubmissions=20}; a job that is held on to is seen in a few.
 */
class ResubmissionIT {
    private static final int SUBMISSIONS = Integer.getInteger("submissions", 4);
    /** Of Flink's own caches, which fill with the first submissions. */
    private static final int WARM = 2;
    /** A quarter of what one submission's classes take. */
    private static final long METASPACE_SLACK = 4;

    private static final int ROWS = 100_000;
    private static final long HEAP_SLACK = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @Test
    void whatEndsLeavesNothingBehind() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                FlinkCluster cluster = FlinkCluster.start(1, Map.of("execution.checkpointing.timeout", "1 min"));
                Topics topics = new Topics(broker).createAll()) {
            sendRows(topics);
            // Each reads the trade anew: there is no savepoint.
            topics.send(List.of(Samples.tradeRecord(1, 1, 1)));
            List<JvmMemory> taskManager = new ArrayList<>();
            List<JvmMemory> jobManager = new ArrayList<>();
            for (int submission = 0; submission < SUBMISSIONS; submission++) {
                FlinkJob job = cluster.upload(JAR, topics.arguments());
                await().atMost(PATIENCE)
                        .until(() -> job.isAllRunning()
                                && Long.valueOf(1).equals(job.totals().get("enriched")));
                job.cancel();
                await().atMost(PATIENCE).until(() -> job.state().equals("CANCELED"));
                if (submission >= WARM) {
                    // The last threads of a job end some time after it has said that it has.
                    await().atMost(PATIENCE)
                            .untilAsserted(() ->
                                    assertHoldsNoMoreThan(taskManager.get(WARM - 1), cluster.taskManagerMemory(1)));
                }
                taskManager.add(cluster.taskManagerMemory(1));
                jobManager.add(cluster.jobManagerMemory());
            }
            System.out.println(
                    "After each of " + SUBMISSIONS + " submissions the TaskManager held, in MB, " + taskManager);
            System.out.println("and the JobManager " + jobManager);
            assertHoldsNoMoreThan(jobManager.get(WARM - 1), jobManager.get(SUBMISSIONS - 1));
        }
    }

    private static void assertHoldsNoMoreThan(JvmMemory before, JvmMemory now) {
        assertThat(now.metaspace()).isLessThanOrEqualTo(before.metaspace() + METASPACE_SLACK);
        assertThat(now.heap()).isLessThanOrEqualTo(before.heap() + HEAP_SLACK);
    }

    /** So many that it shows if they are not let go. */
    private static void sendRows(Topics topics) {
        try (var producer = topics.producer(null)) {
            for (long id = 0; id < ROWS; id++) {
                producer.send(topics.record(Samples.stockRecord(id, 1_000_000, "T" + id)));
            }
            producer.send(topics.record(Samples.userRecord(1, 1_000_000, "u")));
        }
    }
}
