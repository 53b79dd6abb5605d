package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.cli.preflight.PreflightCommand;
import io.tradeenrichment.process.CommandProcess;
import io.tradeenrichment.process.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a preflight says of savepoints that the job itself has made. */
class PreflightIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final Workload WORKLOAD = new Workload(2_000);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A trade whose user has no row, and that waits for it. */
    private static final long PARKED = 1_000_000;

    private static final long UNKNOWN_USER = 1_000_000;

    private static KafkaBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    static Stream<Arguments> savepoints() {
        return Stream.of("hashmap", "rocksdb")
                .flatMap(backend ->
                        Stream.of(SavepointFormatType.values()).map(format -> Arguments.of(backend, format)));
    }

    @ParameterizedTest
    @MethodSource("savepoints")
    void everySavepointOfTheJobFitsItAndHoldsWhatWasSent(String backend, SavepointFormatType format) throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                JobOnKafka job = started(topics, backend)) {
            assertFits(judged(arguments(job.stop(folder, format), topics)), topics);
        }
    }

    static Stream<KeptSavepoint> kept() throws Exception {
        return KeptSavepoint.layouts().stream().flatMap(layout -> KeptSavepoint.of(layout).stream());
    }

    @ParameterizedTest
    @MethodSource("kept")
    void savepointsOfEveryLayoutThatTheStateHasHadFit(KeptSavepoint savepoint) throws Exception {
        JsonNode line = judged(List.of(
                "--preflight.savepoint",
                savepoint.folder().toString(),
                "--kafka.bootstrap.servers",
                "nobody.is.asked:9092",
                "--kafka.transactional-id-prefix",
                "kept."));

        assertThat(line.get("fits").asBoolean()).isTrue();
        assertThat(line.get("contents").get("parked_trades").asLong())
                .isEqualTo(line.get("contents").get("parked").asLong())
                .isPositive();
        assertThat(line.get("contents").get("unaccounted").asLong()).isZero();
        // The rows' layout is new since the second.
        assertThat(line.get("warnings").toString().contains("its state 'instruments' is written in a new layout"))
                .isEqualTo(savepoint.layout() == 1);
    }

    @Test
    void aRetainedCheckpointIsAsGoodAsASavepoint() throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                JobOnKafka job = started(topics, "rocksdb")) {
            long before = JobOnKafka.newestCheckpoint(job.id());
            // The next one may have begun before the last trade was read.
            await().atMost(PATIENCE).until(() -> JobOnKafka.newestCheckpoint(job.id()) > before + 1);
            job.cancel();
            String newest = JobOnKafka.checkpoint(job.id(), JobOnKafka.newestCheckpoint(job.id()));
            assertFits(judged(arguments(newest, topics)), topics);
        }
    }

    @Test
    void theJarItselfJudgesAndItsExitCodeSaysHow() throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                JobOnKafka job = started(topics, "rocksdb")) {
            String savepoint = job.stop(folder, SavepointFormatType.CANONICAL);
            List<String> arguments = arguments(savepoint, topics);

            assertFits(judgedByTheJar(0, arguments), topics);
            arguments.addAll(List.of("--trades.key-by", "trade_id"));
            assertThat(judgedByTheJar(1, arguments).get("problems")).hasSize(1);
            try (CommandProcess preflight = preflight(arguments(savepoint + "-nowhere", topics))) {
                assertThat(preflight.exitCode()).isEqualTo(2);
                assertThat(preflight.err()).anyMatch(line -> line.startsWith("preflight.savepoint: no savepoint"));
            }
        }
    }

    private static JobOnKafka started(Topics topics, String backend) throws Exception {
        topics.send(WORKLOAD.rows());
        topics.send(WORKLOAD.trades());
        topics.send(List.of(Samples.tradeRecord(PARKED, 1, UNKNOWN_USER)));
        JobOnKafka job = new JobOnKafka(topics.settings())
                .with(StateBackendOptions.STATE_BACKEND, backend)
                .with(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true)
                // The totals come with the heartbeat.
                .with(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(200))
                .start(2);
        Map<String, Long> totals = Map.of(
                "trades_in", WORKLOAD.trades().size() + 1L,
                "enriched", (long) WORKLOAD.enriched(),
                "duplicates", (long) WORKLOAD.repeated(),
                "dead_lettered", (long) WORKLOAD.damaged(),
                "parked", 1L);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> job.totals().entrySet().containsAll(totals.entrySet()));
        return job;
    }

    private static void assertFits(JsonNode line, Topics topics) {
        JsonNode contents = line.get("contents");
        assertThat(line.get("problems")).isEmpty();
        assertThat(line.get("warnings")).isEmpty();
        assertThat(line.get("fits").asBoolean()).isTrue();
        assertThat(Map.of(
                        "rows",
                                contents.get("instruments_rows").asInt()
                                        + contents.get("users_rows").asInt(),
                        "seen", contents.get("seen_ids").asInt(),
                        "parked", contents.get("parked_trades").asInt(),
                        "enriched", contents.get("enriched").asInt(),
                        "unaccounted", contents.get("unaccounted").asInt()))
                .isEqualTo(Map.of(
                        "rows",
                        WORKLOAD.rows().size(),
                        "seen",
                        WORKLOAD.enriched() + 1,
                        "parked",
                        1,
                        "enriched",
                        WORKLOAD.enriched(),
                        "unaccounted",
                        0));
        assertThat(contents.get("key_by").asText()).isEqualTo("instrument_id");
        int read = 0;
        for (JsonNode position : contents.get("positions").get(topics.name("trades"))) {
            read += position.asInt();
        }
        assertThat(read)
                .as("records of trades that were read")
                .isEqualTo(WORKLOAD.trades().size() + 1);
    }

    private static List<String> arguments(String savepoint, Topics topics) {
        List<String> arguments = new ArrayList<>(List.of("--preflight.savepoint", savepoint));
        topics.settings().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }

    private static JsonNode judged(List<String> arguments) throws Exception {
        var out = new ByteArrayOutputStream();
        assertThat(PreflightCommand.command(new PrintStream(out, true, StandardCharsets.UTF_8))
                        .run(arguments.toArray(String[]::new)))
                .isZero();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        return JSON.readTree(lines.get(lines.size() - 1));
    }

    private static JsonNode judgedByTheJar(int exitCode, List<String> arguments) throws Exception {
        try (CommandProcess preflight = preflight(arguments)) {
            assertThat(preflight.exitCode())
                    .as(() -> preflight.err().toString())
                    .isEqualTo(exitCode);
            return JSON.readTree(preflight.lastLine());
        }
    }

    private static CommandProcess preflight(List<String> arguments) throws Exception {
        return CommandProcess.startJar(JAR, PreflightCommand.class.getName(), arguments);
    }
}
