package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.Received;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joined as of the trade's time, between topics of a real broker. */
class AsOfIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void aTradeWaitsForAVersionThatComesLateAndForNoQuietTopic() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Topics topics = new Topics(broker).createAll()) {
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.time", "as-of");
            settings.put("join.as-of.wait", "6 s");
            settings.put("join.as-of.idle", "300 ms");
            settings.put("join.instrument.missing", "dead-letter");
            settings.put("join.user.missing", "dead-letter");
            long now = System.currentTimeMillis();
            long old = (now - 60_000) * 1_000;
            topics.send(List.of(
                    Samples.written(now - 60_000, Samples.stockRecord(1, old, "OLD")),
                    Samples.written(now - 50_000, Samples.stockRecord(1, old + 10_000_000, "THEN")),
                    Samples.written(now - 60_000, Samples.userRecord(1, old, "u"))));
            topics.send(List.of(Samples.tradeRecord(1, 1, 1, old + 9_999_999, now - 50_001)));
            String savepoint;
            long traded;
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                // It leaves although nothing comes from either topic.
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 1);
                traded = System.currentTimeMillis();
                topics.send(List.of(Samples.tradeRecord(2, 1, 1, traded * 1_000, traded)));
                Received late = Samples.stockRecord(1, traded * 1_000 - 5_000, "NOW");
                topics.send(List.of(Samples.written(System.currentTimeMillis(), late)));
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 2);
                savepoint = job.stop(folder);
            }
            assertThat(enriched(topics)).isEqualTo(Map.of(1L, "OLD u", 2L, "NOW u"));

            // What was valid when is in the savepoint.
            topics.send(List.of(
                    Samples.tradeRecord(3, 1, 1, old + 9_999_999, now),
                    Samples.tradeRecord(4, 1, 1, old + 10_000_000, now),
                    Samples.tradeRecord(5, 1, 1, traded * 1_000, traded)));
            try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(3)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 5);
                job.stop(folder);
            }
            assertThat(enriched(topics))
                    .isEqualTo(Map.of(1L, "OLD u", 2L, "NOW u", 3L, "OLD u", 4L, "THEN u", 5L, "NOW u"));
        }
    }

    private static Map<Long, String> enriched(Topics topics) throws Exception {
        Map<Long, String> trades = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.readAll("enriched-trades")) {
            GenericRecord trade = Samples.enriched(record.value(), 10);
            trades.put((Long) trade.get("trade_id"), trade.get("instrument") + " " + trade.get("user"));
        }
        return trades;
    }
}
