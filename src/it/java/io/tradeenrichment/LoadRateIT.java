package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a job with many rows takes to its first trade. Says the rate; only holds it to a bound that is no race. */
class LoadRateIT {
    private static final int ROWS_EACH = 500_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void aMillionRowsLoadInSeconds() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Topics topics = new Topics(broker).createAll();
                LoadReports loads = new LoadReports()) {
            try (var producer = topics.producer(null)) {
                for (long id = 0; id < ROWS_EACH; id++) {
                    producer.send(topics.record(Samples.stockRecord(id, 1_000_000, "T" + id)));
                    producer.send(topics.record(Samples.userRecord(id, 1_000_000, "user-" + id)));
                }
            }
            System.out.println("Without decoding: " + readAlone(topics, loads));
            topics.send(List.of(Samples.tradeRecord(1, ROWS_EACH - 1, ROWS_EACH - 1)));
            long began = System.nanoTime();
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(2)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 1);
                long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
                List<String> reports =
                        loads.reports().subList(1, loads.reports().size());
                System.out.println("By each of two subtasks: " + reports + "; first trade enriched and committed "
                        + seconds + " s after the start");
                assertThat(reports)
                        .hasSize(2)
                        .allMatch(report -> report.startsWith("Read " + 2 * ROWS_EACH + " records"));
                assertThat(seconds).isLessThan(60);
                job.stop(folder);
            }
        }
    }

    /** What Kafka and the network allow. */
    private static String readAlone(Topics topics, LoadReports loads) throws Exception {
        Settings settings = Settings.of(JobOnKafka.PROGRAM, topics.settings(), "the test");
        KafkaConnectors ends = KafkaConnectors.open(
                settings.bind(KafkaConfig::from),
                new Checkpointing(Duration.ofSeconds(1), Duration.ofMinutes(1), 3, true, false),
                1000);
        ends.snapshot().readAll(new SnapshotRecords.Receiver() {
            @Override
            public void record(SourceRecord record, boolean comesAgain) {}

            @Override
            public void readUpTo(Dimension dimension, int partition, long next) {}
        });
        return loads.reports().get(0);
    }
}
