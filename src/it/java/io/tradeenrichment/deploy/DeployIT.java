package io.tradeenrichment.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.WorkloadRun;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.ClassResource;
import io.tradeenrichment.process.CommandProcess;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The deploy commands as processes, on a session cluster under load: every trade is written once. */
class DeployIT {
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int TRADES = 100_000;
    private static final int PER_SECOND = 300;
    /** Trades sent before the producers change to the next version; the others are sent after that. */
    private static final int BEFORE = 80_000;
    /** Instruments without a row at first; about a tenth of the trades wait for them. */
    private static final int LATE_ROWS = 9;

    /** A class that the tasks need and the job graph does not. */
    private static final String NEEDED_BY_TASKS = "io/tradeenrichment/join/IdPageCache.class";

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @RegisterExtension
    static final ClassResource<FlinkCluster> CLUSTER =
            ClassResource.of(() -> FlinkCluster.start(2, WorkloadRun.settings(Map.of())));

    @TempDir
    private Path folder;

    @Test
    void writesEveryTradeOnceAcrossSubmitUpgradeRollbackAndRescale() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES, LATE_ROWS)) {
            assertThat(deployed("submit", submission(run))).isZero();
            assertThat(parallelism()).isEqualTo(2);
            run.start(PER_SECOND, BEFORE);

            assertThat(deployed("upgrade", "--upgrade.preflight", "false", "--jar", broken().toString()))
                    .isEqualTo(1);
            assertThat(parallelism()).isEqualTo(2);

            NextVersion next = upgradeToNextVersion();
            assertThat(parallelism()).isEqualTo(3);
            killATaskManager();

            assertThat(deployed("rollback")).isZero();
            assertThat(parallelism()).isEqualTo(2);
            // And back again.
            assertThat(deployed("rollback")).isZero();
            assertThat(parallelism()).isEqualTo(3);
            assertThat(setting("dedup.retention")).isEqualTo("2 h");

            run.encodeAs(next::write);
            assertThat(deployed("rescale", "2")).isZero();
            assertThat(parallelism()).isEqualTo(2);

            run.sendRemaining();
            FlinkJob job = job();
            run.assertTotals(job);
            Long parked = job.totals().get("parked");
            job.stop(folder);
            Result result = run.result();
            System.out.printf("Deployed, upgraded, rolled back, rescaled under load: %s, %d parked%n", result, parked);
            assertThat(result).matches(Result::isExact);
        }
    }

    /** Starts another, as a supervisor would. */
    private static void killATaskManager() throws Exception {
        FlinkJob job = job();
        System.out.println("$ kill -9 TASKMANAGER");
        CLUSTER.get().killTaskManager(1);
        CLUSTER.get().startTaskManager();
        await().atMost(TIMEOUT).until(() -> job.restores() > 0 && job.isAllRunning());
        System.out.println("restarted by Flink, every task runs: " + job.totals());
    }

    /** Upgrades to a job that can read what the next version's producers write. */
    private NextVersion upgradeToNextVersion() throws Exception {
        NextVersion next = new NextVersion();
        Path jar = folder.resolve("version-b.jar");
        NextVersion.jar(JAR, jar);
        Path schemas = Files.createDirectory(folder.resolve("schemas"));
        next.writeSchemas(schemas);
        String[] upgrade = {
            "--jar",
            jar.toString(),
            "--parallelism",
            "3",
            "--",
            "--wire.writer-schemas",
            schemas.toString(),
            "--dedup.retention",
            "2 h"
        };
        assertThat(interrupted("upgrade", upgrade)).contains("Interrupted. ", "The same command again");
        assertThat(deployed("upgrade", upgrade)).isZero();
        return next;
    }

    private static String[] submission(WorkloadRun run) {
        List<String> arguments = new ArrayList<>(List.of("--jar", JAR.toString(), "--parallelism", "2", "--"));
        arguments.addAll(run.arguments());
        // Long enough for a slow machine.
        arguments.addAll(List.of("--join.wait.timeout", "1 h"));
        return arguments.toArray(String[]::new);
    }

    /** @return the exit code */
    private int deployed(String command, String... arguments) throws Exception {
        try (CommandProcess process = CommandProcess.start(command, own(arguments))) {
            int code = process.exitCode();
            System.out.println("$ deploy/" + command + " " + String.join(" ", arguments));
            process.out().forEach(System.out::println);
            process.err().forEach(System.out::println);
            System.out.println("exit code " + code);
            return code;
        }
    }

    /** Adds the options of every command, behind a leading number. */
    private String[] own(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        int first = all.isEmpty() || all.get(0).startsWith("--") ? 0 : 1;
        all.addAll(first, List.of("--cluster.url", CLUSTER.get().rest().url(), "--verify.for", "2 s"));
        all.addAll(first, List.of("--cluster.record", folder.resolve("record").toString()));
        return all.toArray(String[]::new);
    }

    /** Interrupts the command, as Ctrl-C does, as soon as it has stopped the job, and returns its output. */
    private String interrupted(String command, String... arguments) throws Exception {
        try (CommandProcess process = CommandProcess.start(command, own(arguments))) {
            await().atMost(TIMEOUT)
                    .until(() ->
                            process.out().stream().anyMatch(line -> line.contains("No job runs; the last state is")));
            process.interrupt();
            process.exitCode();
            process.out().forEach(System.out::println);
            return String.join("\n", process.out());
        }
    }

    private static FlinkJob job() throws Exception {
        return StreamSupport.stream(
                        CLUSTER.get().rest().get("/jobs/overview").get("jobs").spliterator(), false)
                .filter(job -> job.get("state").asText().equals("RUNNING"))
                .map(job -> CLUSTER.get().job(job.get("jid").asText()))
                .findFirst()
                .orElseThrow();
    }

    private static int parallelism() throws Exception {
        int most = 0;
        for (JsonNode vertex : CLUSTER.get().rest().get("/jobs/" + job().id()).get("vertices")) {
            most = Math.max(most, vertex.get("parallelism").asInt());
        }
        return most;
    }

    /** A setting as the web UI's configuration page shows it. */
    private static String setting(String key) throws Exception {
        return CLUSTER.get()
                .rest()
                .get("/jobs/" + job().id() + "/config")
                .get("execution-config")
                .get("user-config")
                .get(key)
                .asText();
    }

    private Path broken() throws Exception {
        Path jar = Files.copy(JAR, folder.resolve("broken.jar"));
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            Files.delete(zip.getPath(NEEDED_BY_TASKS));
        }
        return jar;
    }
}
