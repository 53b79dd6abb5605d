package io.tradeenrichment;

import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.process.ZooKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job in application mode: a cluster of its own, whose JobManager runs the job's main. */
class ApplicationIT {
    private static final int TRADES = 40_000;
    private static final int PER_SECOND = 1_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    private static KafkaBroker broker;
    private static ZooKeeper zooKeeper;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
        zooKeeper = ZooKeeper.start();
    }

    @AfterAll
    static void stop() throws Exception {
        zooKeeper.close();
        broker.close();
    }

    @Test
    void theJobComesUpAgainAfterAKillByItselfAndAfterAStopFromTheSavepoint() throws Exception {
        try (TradingDay day = new TradingDay(broker, TRADES)) {
            day.open(PER_SECOND);
            Recovery recovery;
            String savepoint;
            try (FlinkCluster cluster = application(day, List.of(), 2)) {
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
            Verdict verdict = goOn(day, savepoint);
            System.out.printf("An application's JobManager killed: %s; then a savepoint: %s%n", recovery, verdict);
        }
    }

    /** Flink takes an application whose main fails for one that has ended, and forgets what it could recover from. */
    @Test
    void whoCannotStartAgainWhileKafkaIsDownGoesOnFromItsLastCheckpoint() throws Exception {
        try (TradingDay day = new TradingDay(broker, TRADES)) {
            day.open(PER_SECOND);
            try (FlinkCluster cluster = application(day, List.of(), 2)) {
                running(cluster);
                day.awaitMore();
                broker.kill();
                cluster.killJobManager();
                cluster.startJobManager();
                FlinkCluster.Ending ending = cluster.awaitEnd();
                assertThat(ending.exitCode()).isNotZero();
                assertThat(ending.log()).contains("SettingsException: kafka.bootstrap.servers");
            }
            broker.restart();
            Verdict verdict = goOn(day, lastCheckpoint());
            System.out.printf("An application started while Kafka is down, then from its checkpoint: %s%n", verdict);
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

    private FlinkCluster application(TradingDay day, List<String> options, int parallelism) throws Exception {
        Map<String, String> settings = TradingDay.settings(zooKeeper.highAvailability());
        settings.put("high-availability.cluster-id", "/" + folder.getFileName());
        settings.put("execution.checkpointing.dir", folder.toUri().toString());
        settings.put("parallelism.default", String.valueOf(parallelism));
        List<String> arguments = new ArrayList<>(day.arguments());
        arguments.addAll(List.of("--kafka.check.timeout", "5 s"));
        return FlinkCluster.startApplication(JAR, options, arguments, 1, settings);
    }

    private static FlinkJob running(FlinkCluster cluster) throws Exception {
        FlinkJob job = cluster.firstJob();
        await().atMost(TradingDay.PATIENCE).until(job::isAllRunning);
        return job;
    }

    /** To the end of the day. */
    private Verdict goOn(TradingDay day, String from) throws Exception {
        try (FlinkCluster cluster = application(day, List.of("--fromSavepoint", from), 1)) {
            FlinkJob job = running(cluster);
            assertThat(job.restores()).isEqualTo(1);
            day.sendTheRest();
            day.assertTotals(job);
            job.stopByRest(folder);
        }
        Verdict verdict = day.verdict();
        assertThat(verdict).as(verdict.toString()).matches(Verdict::isExact);
        return verdict;
    }

    private String lastCheckpoint() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .map(Path::getParent)
                    .max(comparingInt(checkpoint ->
                            Integer.parseInt(checkpoint.getFileName().toString().replace("chk-", ""))))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }
}
