package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Topics;
import io.tradeenrichment.process.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed and restarted while the job runs: the job waits for it, without a restart of its own. */
class BrokerRestartIT {
    private static final long BEFORE = 5_000;
    private static final long ALL = 10_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @RegisterExtension
    static final Broker KAFKA = Broker.own();

    @TempDir
    private Path folder;

    @Test
    void theJobWaitsForAKilledBrokerWithoutARestart() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            topics.sendRows();
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(2)) {
                topics.sendTrades(0, BEFORE);
                await().atMost(TIMEOUT).until(() -> topics.committed("enriched-trades") > 0);

                KAFKA.kill();
                KAFKA.restart();

                topics.sendTrades(BEFORE, ALL);
                topics.awaitEnriched(ALL);
                assertThat(job.isRunning()).isTrue();
                assertThat(job.counter("transactionsLost").getAsLong()).isZero();
                job.stop(folder);
            }
            assertThat(topics.enrichedIds())
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.range(0, ALL).boxed().toList());
        }
    }
}
