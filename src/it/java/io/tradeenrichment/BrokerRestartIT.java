package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed in mid-stream and comes back: the job waits for it, without a restart. */
class BrokerRestartIT {
    private static final long BEFORE = 5_000;
    private static final long ALL = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void theJobOutlivesABrokerThatIsKilledAndBroughtBack() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Topics topics = new Topics(broker).createAll()) {
            topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
            // Its first failure would be its end.
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(2)) {
                send(topics, 0, BEFORE);
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") > 0);

                broker.kill();
                broker.restart();

                send(topics, BEFORE, ALL);
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == ALL);
                assertThat(job.isRunning()).isTrue();
                assertThat(job.counter("transactionsLost").getAsLong()).isZero();
                job.stop(folder);
            }
            assertThat(topics.readAll("enriched-trades").stream().map(record ->
                            (Long) Samples.enriched(record.value(), 10).get("trade_id")))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.range(0, ALL).boxed().toList());
        }
    }

    private static void send(Topics topics, long from, long to) {
        topics.send(LongStream.range(from, to)
                .mapToObj(id -> Samples.tradeRecord(id, 1, 1))
                .toList());
    }
}
