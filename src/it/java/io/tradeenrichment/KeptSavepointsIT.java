package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.cli.preflight.PreflightCommand;
import io.tradeenrichment.process.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Savepoints of every layout that the job's state has had are restored, and the day goes on where they cut it. A change of
 * layout adds a folder: {@code -Dsavepoints.write=3}, with the version that first writes it.
 */
class KeptSavepointsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int PREFIX = 10;
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

    static List<KeptSavepoint.Restore> restores() throws Exception {
        Integer written = Integer.getInteger("savepoints.write");
        if (written != null) {
            for (KeptSavepoint savepoint : KeptSavepoint.of(written)) {
                make(savepoint);
            }
        }
        return KeptSavepoint.layouts().stream()
                .flatMap(layout -> KeptSavepoint.of(layout).stream())
                .map(KeptSavepoint::restore)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("restores")
    void theDayGoesOn(KeptSavepoint.Restore restore) throws Exception {
        try (Topics topics = topics()) {
            topics.send(CutDay.unreadable(CutDay.standing()));
            topics.send(CutDay.unreadable(CutDay.morning()));
            topics.send(CutDay.unreadable(CutDay.lateMorning()));
            try (JobOnKafka job = job(topics, restore.backend())
                    .from(restore.savepoint().copyTo(folder, ids(topics)))
                    .start(restore.parallelism())) {
                topics.send(CutDay.afternoon());
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(job.totals()).containsAllEntriesOf(CutDay.totals()));
                job.stop(folder);
            }
            assertThat(enriched(topics)).isEqualTo(CutDay.enrichedInTheAfternoon());
            assertThat(topics.readAll("dead-letters")).hasSize(2 * CutDay.deadLettersInTheMorning());
        }
    }

    /**
     * If this fails, the layout has changed: give the state's serializer a version more, and keep savepoints of the new layout
     * by {@code -Dsavepoints.write} with its number.
     */
    @Test
    void onlyTheNewestAreInTheLayoutThatIsWrittenToday() throws Exception {
        List<Integer> layouts = KeptSavepoint.layouts();
        int newest = layouts.get(layouts.size() - 1);
        for (int layout : layouts) {
            for (KeptSavepoint savepoint : KeptSavepoint.of(layout)) {
                String report = preflight(savepoint);
                assertThat(report).contains("The savepoint fits this job.");
                assertThat(report.contains("is written in a new layout from now on"))
                        .as(savepoint.toString())
                        .isEqualTo(layout < newest);
            }
        }
    }

    private String preflight(KeptSavepoint savepoint) throws Exception {
        var said = new ByteArrayOutputStream();
        PreflightCommand.command(new PrintStream(said, true, StandardCharsets.UTF_8))
                .run(
                        "--preflight.savepoint",
                        savepoint.copyTo(folder.resolve("layout-" + savepoint.layout())),
                        "--preflight.parallelism",
                        "2",
                        "--kafka.bootstrap.servers",
                        broker.bootstrapServers(),
                        "--kafka.transactional-id-prefix",
                        "kept.");
        return said.toString(StandardCharsets.UTF_8);
    }

    private static void make(KeptSavepoint savepoint) throws Exception {
        // Its name comes to stand in what is kept.
        Path target = Path.of(System.getProperty("java.io.tmpdir"), "savepoints");
        try (Topics topics = topics()) {
            topics.send(CutDay.standing());
            try (JobOnKafka job = job(topics, savepoint.backend())
                    .with(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1))
                    .start(2)) {
                topics.send(CutDay.morning());
                int before = CutDay.enrichedInTheMorning().size() - 1;
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == before);
                topics.send(CutDay.lateMorning());
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == before + 1);
                savepoint.keep(Path.of(URI.create(job.stop(target, savepoint.format()))), ids(topics));
            }
            assertThat(enriched(topics)).isEqualTo(CutDay.enrichedInTheMorning());
            assertThat(topics.readAll("dead-letters")).hasSize(CutDay.deadLettersInTheMorning());
        }
    }

    /** Their names are in the savepoints. */
    private static Topics topics() throws Exception {
        return new Topics(broker, "kept").deleteAll().createAll();
    }

    private static Map<String, String> ids(Topics topics) throws Exception {
        Map<String, String> ids = new HashMap<>();
        for (String role : List.of("trades", "instruments", "users")) {
            ids.put(role, topics.id(role));
        }
        return ids;
    }

    private static JobOnKafka job(Topics topics, String backend) {
        Map<String, String> settings = new HashMap<>(topics.settings());
        settings.putAll(CutDay.SETTINGS);
        // This broker has never seen the transactions that were committed with the savepoint.
        settings.put("kafka.transaction.accept-loss-until", "1000000");
        return new JobOnKafka(settings)
                .with(StateBackendOptions.STATE_BACKEND, backend)
                // The totals come with the heartbeat.
                .with(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(200));
    }

    private static Map<Long, String> enriched(Topics topics) throws Exception {
        Map<Long, String> enriched = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.readAll("enriched-trades")) {
            GenericRecord trade = Samples.enriched(record.value(), PREFIX);
            String before =
                    enriched.put((Long) trade.get("trade_id"), trade.get("instrument") + " " + trade.get("user"));
            assertThat(before)
                    .as("trade %s a second time", trade.get("trade_id"))
                    .isNull();
        }
        return enriched;
    }
}
