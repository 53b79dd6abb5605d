package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trades wait for rows while the broker is down for longer than they wait at most. */
class WaitingIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration WAIT = Duration.ofSeconds(4);

    @TempDir
    private Path folder;

    @Test
    void aWaitRunsOnlyWhileItsRowCouldCome() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Topics topics = new Topics(broker).createAll()) {
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.wait.timeout", WAIT.toSeconds() + " s");
            settings.put("trades.key-by", "trade_id");
            topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(9, 1_000, "known")));
            // Its first failure would be its end, and a restart would let every trade wait anew.
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                topics.send(List.of(Samples.tradeRecord(9, 1, 9)));
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 1);
                topics.send(List.of(Samples.tradeRecord(1, 1, 1), Samples.tradeRecord(2, 1, 2)));
                await().atMost(PATIENCE).until(() -> job.gauge(Operator.TRADE_JOIN, "waitingKeys") == 2);

                topics.send(List.of(Samples.userRecord(1, 1_000, "written just before")));
                broker.kill();
                long down = System.nanoTime();
                await().atMost(PATIENCE).until(() -> System.nanoTime() - down > 3 * WAIT.toNanos());
                broker.restart();
                topics.send(List.of(Samples.userRecord(2, 1_000, "written just after")));
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 3);

                // And a wait does end while the topics are read.
                topics.send(List.of(Samples.tradeRecord(3, 1, 3)));
                await().atMost(PATIENCE).until(() -> topics.committed("dead-letters") == 1);
                assertThat(job.isRunning()).isTrue();
                job.stop(folder);
            }
            assertThat(enriched(topics))
                    .isEqualTo(Map.of(1L, "written just before", 2L, "written just after", 9L, "known"));
        }
    }

    private static Map<Long, String> enriched(Topics topics) throws Exception {
        Map<Long, String> trades = new TreeMap<>();
        for (var record : topics.readAll("enriched-trades")) {
            GenericRecord trade = Samples.enriched(record.value(), 10);
            trades.put((Long) trade.get("trade_id"), String.valueOf(trade.get("user")));
        }
        return trades;
    }
}
