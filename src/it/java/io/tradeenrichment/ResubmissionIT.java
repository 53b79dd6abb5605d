package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A job that ends leaves nothing behind in its cluster: one submission after another fits into a metaspace in which only a
 * few would, were the classes of those that have ended still held.
 */
class ResubmissionIT {
    private static final int SUBMISSIONS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @Test
    void submissionsDoNotFillTheMetaspace() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                FlinkCluster cluster = FlinkCluster.start(
                        1,
                        Map.of(
                                "execution.checkpointing.timeout", "1 min",
                                "taskmanager.memory.jvm-metaspace.size", "112 mb",
                                "jobmanager.memory.jvm-metaspace.size", "144 mb"));
                Topics topics = new Topics(broker).createAll()) {
            topics.send(List.of(Samples.stockRecord(1, 1_000_000, "T"), Samples.userRecord(1, 1_000_000, "u")));
            List<String> arguments = new ArrayList<>();
            topics.settings().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
            // Each reads the trade anew: there is no savepoint.
            topics.send(List.of(Samples.tradeRecord(1, 1, 1)));
            List<Long> used = new ArrayList<>();
            for (int submission = 1; submission <= SUBMISSIONS; submission++) {
                FlinkJob job = cluster.upload(JAR, arguments);
                await().atMost(PATIENCE)
                        .until(() -> job.isAllRunning()
                                && Long.valueOf(1).equals(job.totals().get("enriched")));
                used.add(metaspace(cluster));
                job.cancel();
                await().atMost(PATIENCE).until(() -> job.state().equals("CANCELED"));
            }
            System.out.println("Metaspace of the TaskManager, in MB, with each of " + SUBMISSIONS
                    + " submissions running: " + used);
            assertThat(used).hasSize(SUBMISSIONS);
        }
    }

    private static long metaspace(FlinkCluster cluster) throws Exception {
        return cluster.rest()
                        .get("/taskmanagers/taskmanager-1/metrics?get=Status.JVM.Memory.Metaspace.Used")
                        .get(0)
                        .get("value")
                        .asLong()
                >> 20;
    }
}
