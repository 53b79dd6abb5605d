package io.tradeenrichment.cluster;

import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.WorkloadRun;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.ClassResource;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.ZooKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The job in application mode: the JobManager of a dedicated cluster runs the job's main. */
class ApplicationIT {
    private static final int TRADES = 40_000;
    private static final int PER_SECOND = 1_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @RegisterExtension
    static final Broker KAFKA = Broker.own();

    @RegisterExtension
    static final ClassResource<ZooKeeper> ZOO_KEEPER = ClassResource.of(ZooKeeper::start);

    @TempDir
    private Path folder;

    @Test
    void recoversFromAKilledJobManagerAndRestoresASavepointAfterAStop() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            run.start(PER_SECOND);
            RecoveryTime recovery;
            String savepoint;
            try (FlinkCluster cluster = application(run, List.of(), 2)) {
                FlinkJob job = runningJob(cluster);
                run.awaitMoreOutput();
                recovery = RecoveryTime.of(
                        run,
                        () -> {
                            cluster.killJobManager();
                            cluster.startJobManager();
                        },
                        () -> job.restores() > 0 && job.isAllRunning());
                savepoint = job.stopByRest(folder);
                assertThat(cluster.awaitExit().exitCode()).isZero();
            }
            Result result = finish(run, savepoint);
            System.out.printf("An application's JobManager killed: %s; then a savepoint: %s%n", recovery, result);
        }
    }

    /** Flink considers an application finished when its main fails, and deletes its high-availability data. */
    @Test
    void restoresTheLastCheckpointWhenItCouldNotRestartWhileKafkaWasDown() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            run.start(PER_SECOND);
            try (FlinkCluster cluster = application(run, List.of(), 2)) {
                runningJob(cluster);
                run.awaitMoreOutput();
                KAFKA.kill();
                cluster.killJobManager();
                cluster.startJobManager();
                FlinkCluster.Exit exit = cluster.awaitExit();
                assertThat(exit.exitCode()).isNotZero();
                assertThat(exit.log()).contains("SettingsException: kafka.bootstrap.servers");
            }
            KAFKA.restart();
            Result result = finish(run, lastCheckpoint());
            System.out.printf("An application started while Kafka is down, then from its checkpoint: %s%n", result);
        }
    }

    @Test
    void endsWithOneSentenceWhenASettingIsMissing() throws Exception {
        try (FlinkCluster cluster = FlinkCluster.startApplication(
                JAR, List.of(), List.of("--kafka.bootstrap.servers", "nowhere:1"), 0, Map.of())) {
            FlinkCluster.Exit exit = cluster.awaitExit();
            assertThat(exit.exitCode()).isNotZero();
            assertThat(exit.log())
                    .contains("kafka.transactional-id-prefix is not set; give a name that no other application");
        }
    }

    private FlinkCluster application(WorkloadRun run, List<String> options, int parallelism) throws Exception {
        Map<String, String> settings = WorkloadRun.settings(ZOO_KEEPER.get().highAvailability());
        settings.put("high-availability.cluster-id", "/" + folder.getFileName());
        settings.put("execution.checkpointing.dir", folder.toUri().toString());
        settings.put("parallelism.default", String.valueOf(parallelism));
        List<String> arguments = new ArrayList<>(run.arguments());
        arguments.addAll(List.of("--kafka.check.timeout", "5 s"));
        return FlinkCluster.startApplication(JAR, options, arguments, 1, settings);
    }

    private static FlinkJob runningJob(FlinkCluster cluster) throws Exception {
        FlinkJob job = cluster.firstJob();
        await().atMost(WorkloadRun.TIMEOUT).until(job::isAllRunning);
        return job;
    }

    /** Restores the job, sends the remaining trades and compares the output. */
    private Result finish(WorkloadRun run, String from) throws Exception {
        try (FlinkCluster cluster = application(run, List.of("--fromSavepoint", from), 1)) {
            FlinkJob job = runningJob(cluster);
            assertThat(job.restores()).isEqualTo(1);
            run.sendRemaining();
            run.assertTotals(job);
            job.stopByRest(folder);
        }
        Result result = run.result();
        assertThat(result).as(result.toString()).matches(Result::isExact);
        return result;
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
