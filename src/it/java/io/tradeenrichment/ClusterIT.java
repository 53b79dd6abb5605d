package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a real cluster between topics of a real broker, every one of them a process of its own. */
class ClusterIT {
    private static final int TRADES = 100_000;
    private static final int SENT_AT_ONCE = 10_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static KafkaBroker broker;
    private static FlinkCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
        cluster = FlinkCluster.start(
                2,
                Map.of(
                        "execution.checkpointing.interval", "1 s",
                        "execution.checkpointing.timeout", "1 min",
                        "heartbeat.interval", "1 s"));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        broker.close();
    }

    @Test
    void everyTradeIsWrittenOnceThoughATaskManagerIsKilledInMidFlow() throws Exception {
        Workload workload = new Workload(TRADES);
        try (Topics topics = new Topics(broker).createAll()) {
            topics.send(workload.rows());
            FlinkJob job = cluster.submit(JAR, topics.arguments());
            await().atMost(PATIENCE).until(job::isAllRunning);
            try (AlwaysReading enriched = new AlwaysReading(topics.consumer("enriched-trades"));
                    AlwaysReading letters = new AlwaysReading(topics.consumer("dead-letters"))) {
                int half = workload.trades().size() / 2;
                send(topics, workload.trades().subList(0, half), enriched);
                send(topics, workload.trades().subList(half, half + SENT_AT_ONCE), null);

                long killed = System.nanoTime();
                cluster.killTaskManager(1);
                await().atMost(PATIENCE).until(() -> job.restores() > 0 && job.isAllRunning());
                Duration recovery = Duration.ofNanos(System.nanoTime() - killed);
                cluster.startTaskManager();

                send(
                        topics,
                        workload.trades()
                                .subList(half + SENT_AT_ONCE, workload.trades().size()),
                        enriched);
                await().atMost(PATIENCE).until(() -> enriched.count() >= workload.enriched());
                assertTotals(workload, job);
                long restarts = job.restarts();
                job.stop(folder);

                // Read when no transaction is open any more.
                Verdict afterwards = workload.judge(topics.readAll("enriched-trades"), topics.readAll("dead-letters"));
                topics.awaitRead("enriched-trades", enriched);
                topics.awaitRead("dead-letters", letters);
                Verdict during = workload.judge(enriched.records(), letters.records());

                System.out.printf(
                        "A TaskManager killed: %s; %d restarts, all tasks running again after %.1f s%n",
                        afterwards, restarts, recovery.toMillis() / 1000.0);
                assertThat(afterwards).matches(Verdict::isExact);
                assertThat(during).isEqualTo(afterwards);
                assertThat(restarts).isPositive();
            }
            cluster.awaitTaskManagers();
        }
    }

    @Test
    void theJarRunsWhenItIsUploadedAsTheWebPageDoes() throws Exception {
        Workload workload = new Workload(1_000);
        try (Topics topics = new Topics(broker).createAll()) {
            topics.send(workload.rows());
            topics.send(workload.trades());
            FlinkJob job = cluster.upload(JAR, topics.arguments());
            await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == workload.enriched());
            assertTotals(workload, job);
            job.stop(folder);

            Verdict verdict = workload.judge(topics.readAll("enriched-trades"), topics.readAll("dead-letters"));
            assertThat(verdict).matches(Verdict::isExact);
        }
    }

    /** @param seen if not null, no more is sent at once than it sees come out in time */
    private static void send(Topics topics, List<Received> trades, AlwaysReading seen) {
        try (var producer = topics.producer(null)) {
            for (int i = 0; i < trades.size(); i++) {
                producer.send(topics.record(trades.get(i)));
                if (seen != null && i % SENT_AT_ONCE == SENT_AT_ONCE - 1) {
                    producer.flush();
                    int before = seen.count();
                    await().atMost(PATIENCE).until(() -> seen.count() > before);
                }
            }
        }
    }

    /** The job's own accounts say the same. */
    private static void assertTotals(Workload workload, FlinkJob job) {
        Map<String, Long> expected = Map.of(
                "trades_in", (long) workload.trades().size(),
                "enriched", (long) workload.enriched(),
                "duplicates", (long) workload.repeated(),
                "dead_lettered", (long) workload.damaged(),
                "dropped", 0L,
                "parked", 0L);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(job.totals()).containsAllEntriesOf(expected));
    }
}
