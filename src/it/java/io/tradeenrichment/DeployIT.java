package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.process.CommandProcess;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of deploying, as a person gives them, on a real cluster under load; and what became of each trade. */
class DeployIT {
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TRADES = 100_000;
    private static final int PER_SECOND = 300;
    /** What is left for the next version's producers, however slow the machine is. */
    private static final int BEFORE = 80_000;
    /** Of instruments that a tenth of the trades wait for. */
    private static final int LATE_ROWS = 9;

    /** The job's graph does without it; its tasks do not. */
    private static final String NEEDED_BY_TASKS = "io/tradeenrichment/join/IdPages.class";

    private static KafkaBroker broker;
    private static FlinkCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
        cluster = FlinkCluster.start(2, TradingDay.settings(Map.of()));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        broker.close();
    }

    @Test
    void noTradeIsLostOrDoubledWhateverIsDeployed() throws Exception {
        try (TradingDay day = new TradingDay(broker, TRADES, LATE_ROWS)) {
            assertThat(deployed("submit", submission(day))).isZero();
            assertThat(parallelism()).isEqualTo(2);
            day.open(PER_SECOND, BEFORE);

            assertThat(deployed("upgrade", "--upgrade.preflight", "false", "--jar", broken().toString()))
                    .isEqualTo(1);
            assertThat(parallelism()).isEqualTo(2);

            NextVersion next = theNextVersion();
            assertThat(parallelism()).isEqualTo(3);
            aTaskManagerIsKilled();

            assertThat(deployed("rollback")).isZero();
            assertThat(parallelism()).isEqualTo(2);
            // And to where one was.
            assertThat(deployed("rollback")).isZero();
            assertThat(parallelism()).isEqualTo(3);
            assertThat(setting("dedup.retention")).isEqualTo("2 h");

            day.producersWrite(next::write);
            assertThat(deployed("rescale", "2")).isZero();
            assertThat(parallelism()).isEqualTo(2);

            day.sendTheRest();
            FlinkJob job = job();
            day.assertTotals(job);
            Long parked = job.totals().get("parked");
            job.stop(folder);
            Verdict verdict = day.verdict();
            System.out.printf("Deployed, upgraded, rolled back, rescaled under load: %s, %d parked%n", verdict, parked);
            assertThat(verdict).matches(Verdict::isExact);
        }
    }

    /** Its supervisor starts another. */
    private static void aTaskManagerIsKilled() throws Exception {
        FlinkJob job = job();
        System.out.println("$ kill -9 TASKMANAGER");
        cluster.killTaskManager(1);
        cluster.startTaskManager();
        await().atMost(PATIENCE).until(() -> job.restores() > 0 && job.isAllRunning());
        System.out.println("restarted by Flink, every task runs: " + job.totals());
    }

    /** A job that knows what producers will write. */
    private NextVersion theNextVersion() throws Exception {
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
        assertThat(brokenOff("upgrade", upgrade)).contains("Interrupted. ", "The same command again");
        assertThat(deployed("upgrade", upgrade)).isZero();
        return next;
    }

    private static String[] submission(TradingDay day) {
        List<String> arguments = new ArrayList<>(List.of("--jar", JAR.toString(), "--parallelism", "2", "--"));
        arguments.addAll(day.arguments());
        // However slow the machine is.
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

    /** With the keys that every command of this test needs; a number stays in front. */
    private String[] own(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        int first = all.isEmpty() || all.get(0).startsWith("--") ? 0 : 1;
        all.addAll(first, List.of("--cluster.url", cluster.rest().url(), "--verify.for", "2 s"));
        all.addAll(first, List.of("--cluster.record", folder.resolve("record").toString()));
        return all.toArray(String[]::new);
    }

    /** Presses Ctrl-C as soon as the job is stopped. @return what the command said */
    private String brokenOff(String command, String... arguments) throws Exception {
        try (CommandProcess process = CommandProcess.start(command, own(arguments))) {
            await().atMost(PATIENCE).until(() -> process.out().stream().anyMatch(line -> line.contains("  totals {")));
            process.interrupt();
            process.exitCode();
            process.out().forEach(System.out::println);
            return String.join("\n", process.out());
        }
    }

    private static FlinkJob job() throws Exception {
        return StreamSupport.stream(
                        cluster.rest().get("/jobs/overview").get("jobs").spliterator(), false)
                .filter(job -> job.get("state").asText().equals("RUNNING"))
                .map(job -> cluster.job(job.get("jid").asText()))
                .findFirst()
                .orElseThrow();
    }

    private static int parallelism() throws Exception {
        int most = 0;
        for (JsonNode vertex : cluster.rest().get("/jobs/" + job().id()).get("vertices")) {
            most = Math.max(most, vertex.get("parallelism").asInt());
        }
        return most;
    }

    /** As the web UI's configuration page has it. */
    private static String setting(String key) throws Exception {
        return cluster.rest()
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
