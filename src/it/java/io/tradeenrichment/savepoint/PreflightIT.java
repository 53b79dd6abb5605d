package io.tradeenrichment.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.PreflightOutput;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.Workload;
import io.tradeenrichment.cli.preflight.PreflightCommand;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.CommandProcess;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code deploy/preflight} with savepoints and checkpoints of the job. */
class PreflightIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));
    private static final Workload WORKLOAD = new Workload(2_000);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The id of a trade that waits for the row of its user. */
    private static final long PARKED = 1_000_000;

    private static final long UNKNOWN_USER = 1_000_000;

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    static Stream<Arguments> savepoints() {
        return Stream.of("hashmap", "rocksdb")
                .flatMap(backend ->
                        Stream.of(SavepointFormatType.values()).map(format -> Arguments.of(backend, format)));
    }

    @ParameterizedTest
    @MethodSource("savepoints")
    void reportsThatASavepointOfTheJobFitsAndWhatItHolds(String backend, SavepointFormatType format) throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                JobOnKafka job = started(topics, backend)) {
            assertFits(report(arguments(job.stop(folder, format), topics)), topics);
        }
    }

    static Stream<KeptSavepoint> kept() throws Exception {
        return KeptSavepoint.layouts().stream().flatMap(layout -> KeptSavepoint.of(layout).stream());
    }

    @ParameterizedTest
    @MethodSource("kept")
    void reportsThatSavepointsOfEveryLayoutFit(KeptSavepoint savepoint) throws Exception {
        JsonNode line = report(List.of(
                "--preflight.savepoint",
                savepoint.folder().toString(),
                "--kafka.bootstrap.servers",
                "unused:9092",
                "--kafka.transactional-id-prefix",
                "kept."));

        assertThat(line.get("fits").asBoolean()).isTrue();
        assertThat(line.get("contents").get("parked_trades").asLong())
                .isEqualTo(line.get("contents").get("parked").asLong())
                .isPositive();
        assertThat(line.get("contents").get("unaccounted").asLong()).isZero();
        List<Integer> layouts = KeptSavepoint.layouts();
        assertThat(line.get("warnings").toString().contains("this job writes its state 'instruments' in a new layout"))
                .isEqualTo(savepoint.layout() < layouts.get(layouts.size() - 1));
    }

    @Test
    void readsARetainedCheckpointLikeASavepoint() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                JobOnKafka job = started(topics, "rocksdb")) {
            long before = JobOnKafka.newestCheckpoint(job.id());
            // The next checkpoint may have started before the last trade was read.
            await().atMost(TIMEOUT).until(() -> JobOnKafka.newestCheckpoint(job.id()) > before + 1);
            job.cancel();
            String newest = JobOnKafka.checkpoint(job.id(), JobOnKafka.newestCheckpoint(job.id()));
            assertFits(report(arguments(newest, topics)), topics);
        }
    }

    @Test
    void theJarExitsWith0IfTheSavepointFits1IfNotAnd2IfItCannotBeRead() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                JobOnKafka job = started(topics, "rocksdb")) {
            String savepoint = job.stop(folder, SavepointFormatType.CANONICAL);
            List<String> arguments = arguments(savepoint, topics);

            assertFits(reportOfTheJar(0, arguments), topics);
            arguments.addAll(List.of("--trades.key-by", "trade_id"));
            assertThat(reportOfTheJar(1, arguments).get("problems")).hasSize(1);
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
                // Accumulators are sent with the heartbeat.
                .with(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(200))
                .start(2);
        Map<String, Long> totals = Map.of(
                "trades_in", WORKLOAD.trades().size() + 1L,
                "enriched", (long) WORKLOAD.enriched(),
                "duplicates", (long) WORKLOAD.repeated(),
                "dead_lettered", (long) WORKLOAD.truncated(),
                "parked", 1L);
        await().atMost(TIMEOUT)
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
        assertThat(read).as("trade records read").isEqualTo(WORKLOAD.trades().size() + 1);
    }

    private static List<String> arguments(String savepoint, Topics topics) {
        List<String> arguments = new ArrayList<>(List.of("--preflight.savepoint", savepoint));
        topics.settings().forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }

    private static JsonNode report(List<String> arguments) throws Exception {
        List<String> lines = PreflightOutput.of(arguments);
        return JSON.readTree(lines.get(lines.size() - 1));
    }

    private static JsonNode reportOfTheJar(int exitCode, List<String> arguments) throws Exception {
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
