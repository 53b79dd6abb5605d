package io.tradeenrichment.dimensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Operator;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.process.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Trades wait for rows while the broker is down for longer than {@code join.wait.timeout}. */
class WaitingIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Duration WAIT = Duration.ofSeconds(4);

    @RegisterExtension
    static final Broker KAFKA = Broker.own();

    @TempDir
    private Path folder;

    @Test
    void theWaitTimeoutDoesNotRunWhileTheBrokerIsDown() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.wait.timeout", WAIT.toSeconds() + " s");
            settings.put("trades.key-by", "trade_id");
            topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(9, 1_000, "known")));
            // Without restarts: after a restart every trade would wait anew.
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                topics.send(List.of(Samples.tradeRecord(9, 1, 9)));
                topics.awaitEnriched(1);
                topics.send(List.of(Samples.tradeRecord(1, 1, 1), Samples.tradeRecord(2, 1, 2)));
                await().atMost(TIMEOUT).until(() -> job.gauge(Operator.TRADE_JOIN, "waitingKeys") == 2);

                topics.send(List.of(Samples.userRecord(1, 1_000, "written just before")));
                KAFKA.kill();
                long down = System.nanoTime();
                await().atMost(TIMEOUT).until(() -> System.nanoTime() - down > 3 * WAIT.toNanos());
                KAFKA.restart();
                topics.send(List.of(Samples.userRecord(2, 1_000, "written just after")));
                topics.awaitEnriched(3);

                // While the topics are read, the timeout does run.
                topics.send(List.of(Samples.tradeRecord(3, 1, 3)));
                topics.awaitCommitted("dead-letters", 1);
                assertThat(job.isRunning()).isTrue();
                job.stop(folder);
            }
            assertThat(topics.enriched())
                    .isEqualTo(Map.of(1L, "T written just before", 2L, "T written just after", 9L, "T known"));
        }
    }
}
