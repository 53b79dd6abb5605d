package io.tradeenrichment.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.PreflightOutput;
import io.tradeenrichment.Topics;
import io.tradeenrichment.process.Broker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Restores the kept savepoints of every state layout and continues the {@link SavepointScenario}. After a change of the
 * layout, {@code -Dsavepoints.write=NUMBER} keeps savepoints of the new one.
 */
class KeptSavepointsIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

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
    void restoresAndContinues(KeptSavepoint.Restore restore) throws Exception {
        try (Topics topics = topics()) {
            topics.send(SavepointScenario.unreadable(SavepointScenario.snapshot()));
            topics.send(SavepointScenario.unreadable(SavepointScenario.beforeSavepoint()));
            topics.send(SavepointScenario.unreadable(SavepointScenario.lastBeforeSavepoint()));
            try (JobOnKafka job = job(topics, restore.backend())
                    .from(restore.savepoint().copyTo(folder, ids(topics)))
                    .start(restore.parallelism())) {
                topics.send(SavepointScenario.afterSavepoint());
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(job.totals()).containsAllEntriesOf(SavepointScenario.totals()));
                job.stop(folder);
            }
            assertThat(topics.enriched()).isEqualTo(SavepointScenario.enrichedAfter());
            assertThat(topics.readAll("dead-letters")).hasSize(2 * SavepointScenario.deadLettersBefore());
        }
    }

    /**
     * If this fails, the layout has changed: raise the version of the state's serializer, and keep savepoints of the new
     * layout with {@code -Dsavepoints.write}.
     */
    @Test
    void onlyTheLatestKeptLayoutIsTheCurrentOne() throws Exception {
        List<Integer> layouts = KeptSavepoint.layouts();
        int newest = layouts.get(layouts.size() - 1);
        for (int layout : layouts) {
            for (KeptSavepoint savepoint : KeptSavepoint.of(layout)) {
                String report = preflight(savepoint);
                assertThat(report).contains("The savepoint fits this job.");
                assertThat(report.contains(" in a new layout; an older build"))
                        .as(savepoint.toString())
                        .isEqualTo(layout < newest);
            }
        }
    }

    private String preflight(KeptSavepoint savepoint) throws Exception {
        return String.join(
                "\n",
                PreflightOutput.of(List.of(
                        "--preflight.savepoint",
                        savepoint.copyTo(folder.resolve("layout-" + savepoint.layout())),
                        "--preflight.parallelism",
                        "2",
                        "--kafka.bootstrap.servers",
                        KAFKA.bootstrapServers(),
                        "--kafka.transactional-id-prefix",
                        "kept.")));
    }

    private static void make(KeptSavepoint savepoint) throws Exception {
        // The path is part of the kept files.
        Path target = Path.of(System.getProperty("java.io.tmpdir"), "savepoints");
        try (Topics topics = topics()) {
            topics.send(SavepointScenario.snapshot());
            try (JobOnKafka job = job(topics, savepoint.backend())
                    .with(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1))
                    .start(2)) {
                topics.send(SavepointScenario.beforeSavepoint());
                int before = SavepointScenario.enrichedBefore().size() - 1;
                topics.awaitEnriched(before);
                topics.send(SavepointScenario.lastBeforeSavepoint());
                topics.awaitEnriched(before + 1);
                savepoint.keep(Path.of(URI.create(job.stop(target, savepoint.format()))), ids(topics));
            }
            assertThat(topics.enriched()).isEqualTo(SavepointScenario.enrichedBefore());
            assertThat(topics.readAll("dead-letters")).hasSize(SavepointScenario.deadLettersBefore());
        }
    }

    /** The names are part of the savepoints. */
    private static Topics topics() throws Exception {
        return new Topics(KAFKA, "kept").deleteAll().createAll();
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
        settings.putAll(SavepointScenario.SETTINGS);
        // The broker does not know the transactions of the savepoint.
        settings.put("kafka.transaction.accept-loss-until", "1000000");
        return new JobOnKafka(settings)
                .with(StateBackendOptions.STATE_BACKEND, backend)
                // Accumulators are sent with the heartbeat.
                .with(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(200));
    }
}
