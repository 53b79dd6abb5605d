package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.model.Received;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of deploying, as a person gives them, on a real cluster under load; and what became of each trade. */
class DeployIT {
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The job's graph does without it; its tasks do not. */
    private static final String NEEDED_BY_TASKS = "io/tradeenrichment/join/IdPages.class";

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
    void noTradeIsLostOrDoubledWhateverIsDeployed() throws Exception {
        Workload workload = new Workload(100_000);
        try (Topics topics = new Topics(broker).createAll();
                Load load = new Load(topics, workload.trades())) {
            topics.send(workload.rows());
            Path versionB = Files.copy(JAR, folder.resolve("version-b.jar"));
            try (AlwaysReading enriched = new AlwaysReading(topics.consumer("enriched-trades"))) {
                assertThat(deployed("submit", submission(topics))).isZero();
                assertThat(parallelism()).isEqualTo(2);
                load.begin();

                assertThat(deployed(
                                "upgrade",
                                "--jar",
                                versionB.toString(),
                                "--upgrade.preflight",
                                "false",
                                "--parallelism",
                                "3",
                                "--",
                                "--dedup.retention",
                                "2 h"))
                        .isZero();
                assertThat(parallelism()).isEqualTo(3);
                assertThat(setting("dedup.retention")).isEqualTo("2 h");

                assertThat(deployed("upgrade", "--upgrade.preflight", "false", "--", "--kafka.topics.users", "nowhere"))
                        .isEqualTo(1);
                assertThat(deployed("upgrade", "--upgrade.preflight", "false", "--jar", broken().toString()))
                        .isEqualTo(1);
                assertThat(parallelism()).isEqualTo(3);
                assertThat(setting("kafka.topics.users")).isEqualTo(topics.name("users"));

                assertThat(deployed("rollback", "--rollback.to", "1")).isZero();
                assertThat(parallelism()).isEqualTo(2);
                assertThat(setting("dedup.retention")).isEqualTo("1 h");
                String standing = brokenOff("4");
                assertThat(standing).contains("Broken off. ", "The same command again");
                assertThat(deployed("rescale", "4")).isZero();
                assertThat(parallelism()).isEqualTo(4);

                assertThat(load.sent()).isBetween(1, workload.trades().size() - 1);
                load.finish();
                FlinkJob job = job();
                await().atMost(PATIENCE).until(() -> enriched.count() >= workload.enriched());
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(job.totals())
                                .containsEntry(
                                        "trades_in", (long) workload.trades().size())
                                .containsEntry("enriched", (long) workload.enriched()));
                job.stop(folder);
                topics.awaitRead("enriched-trades", enriched);

                Verdict verdict = workload.judge(topics.readAll("enriched-trades"), topics.readAll("dead-letters"));
                System.out.println("Deployed, upgraded, rolled back and rescaled under load: " + verdict);
                assertThat(verdict).matches(Verdict::isExact);
                assertThat(workload.judge(enriched.records(), topics.readAll("dead-letters")))
                        .isEqualTo(verdict);
            }
        }
    }

    private String[] submission(Topics topics) {
        List<String> arguments = new ArrayList<>(List.of("--jar", JAR.toString(), "--parallelism", "2", "--"));
        topics.settings().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
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
        int first = arguments[0].startsWith("--") ? 0 : 1;
        all.addAll(first, List.of("--cluster.url", cluster.rest().url(), "--verify.for", "2 s"));
        all.addAll(first, List.of("--cluster.record", folder.resolve("record").toString()));
        return all.toArray(String[]::new);
    }

    /** Presses Ctrl-C as soon as the job is stopped. @return what the command said */
    private String brokenOff(String parallelism) throws Exception {
        try (CommandProcess process = CommandProcess.start("rescale", own(parallelism))) {
            await().atMost(PATIENCE)
                    .until(() -> process.out().stream().anyMatch(line -> line.contains("its totals are")));
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

    /** Five hundred trades a second, from when it begins. */
    private static final class Load implements AutoCloseable {
        private static final int AT_ONCE = 20;
        private static final int EVERY_MILLIS = 40;

        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        private final AtomicInteger sent = new AtomicInteger();
        private final Topics topics;
        private final List<Received> trades;
        private final KafkaProducer<byte[], byte[]> producer;

        Load(Topics topics, List<Received> trades) {
            this.topics = topics;
            this.trades = trades;
            this.producer = topics.producer(null);
        }

        void begin() {
            clock.scheduleAtFixedRate(() -> send(AT_ONCE), 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }

        int sent() {
            return sent.get();
        }

        /** Sends what is left at once. */
        void finish() throws InterruptedException {
            clock.shutdown();
            clock.awaitTermination(1, TimeUnit.MINUTES);
            send(trades.size());
            producer.flush();
        }

        private void send(int most) {
            int from = sent.get();
            int to = Math.min(trades.size(), from + most);
            trades.subList(from, to).forEach(trade -> producer.send(topics.record(trade)));
            sent.set(to);
        }

        @Override
        public void close() {
            clock.shutdownNow();
            producer.close();
        }
    }
}
