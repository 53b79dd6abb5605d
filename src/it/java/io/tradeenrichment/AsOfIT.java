package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
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
    /** Rows of each dimension. Read five at a time, it takes the job some seconds longer than trades wait. */
    private static final int BACKLOG = 150_000;

    @TempDir
    private Path folder;

    @Test
    void aTradeWaitsForAVersionThatComesLateAndForNoQuietTopic() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Topics topics = new Topics(broker).createAll()) {
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.time", "as-of");
            settings.put("join.as-of.wait", "6 s");
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
                SourceRecord late = Samples.stockRecord(1, traded * 1_000 - 5_000, "NOW");
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

    /**
     * A job comes back to topics of rows that have grown while it was down, and reads them slowly. However long that takes,
     * its output is the one of a job that finds all rows loaded.
     */
    @Test
    void aBacklogOfRowsChangesNothing() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Topics topics = new Topics(broker).createAll();
                Topics again = new Topics(broker).createAll()) {
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.time", "as-of");
            settings.put("join.as-of.wait", "1 s");
            settings.put("join.instrument.missing", "dead-letter");
            settings.put("join.user.missing", "dead-letter");
            long old = System.currentTimeMillis() - 600_000;
            topics.send(List.of(stock(1, old, "OLD"), user(1, old, "old")));
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                topics.send(List.of(trade(1, old + 1_000)));
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 1);
                savepoint = job.stop(folder);
            }
            // Of every instrument's rows the newest comes last, behind all others.
            List<SourceRecord> backlog = new ArrayList<>();
            for (long row = 0; row < BACKLOG; row++) {
                backlog.add(stock(1_000 + row % 5_000, old + 2_000 + row / 100, "OTHER" + row));
                backlog.add(user(1_000 + row % 5_000, old + 2_000 + row / 100, "other" + row));
            }
            long then = old + 300_000;
            backlog.add(stock(1, then, "NEW"));
            backlog.add(user(1, then, "new"));
            topics.send(backlog);
            List<SourceRecord> trades = new ArrayList<>();
            for (long id = 2; id < 100; id++) {
                trades.add(trade(id, id % 2 == 0 ? then + id : then - id));
            }
            topics.send(trades);

            settings.put("kafka.client.max.poll.records", "5");
            try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(2)) {
                await().atMost(PATIENCE.multipliedBy(3)).until(() -> topics.committed("enriched-trades") == 99);
                job.stop(folder);
            }

            // The same trades and rows, in a job that loads all rows before it takes the first trade.
            Map<String, String> loaded = new HashMap<>(settings);
            loaded.remove("kafka.client.max.poll.records");
            for (String role : List.of("enriched-trades", "dead-letters")) {
                loaded.put("kafka.topics." + role, again.name(role));
            }
            loaded.put("kafka.transactional-id-prefix", again.prefix());
            loaded.put("kafka.group.id", "loaded");
            try (JobOnKafka job = new JobOnKafka(loaded).start(2)) {
                await().atMost(PATIENCE).until(() -> again.committed("enriched-trades") == 99);
                job.stop(folder);
            }
            assertThat(bytes(topics)).isEqualTo(bytes(again)).hasSize(99);
            assertThat(enriched(topics)).containsEntry(2L, "NEW new").containsEntry(3L, "OLD old");
        }
    }

    private static SourceRecord stock(long id, long millis, String ticker) {
        return Samples.written(millis, Samples.stockRecord(id, millis * 1_000, ticker));
    }

    private static SourceRecord user(long id, long millis, String name) {
        return Samples.written(millis, Samples.userRecord(id, millis * 1_000, name));
    }

    private static SourceRecord trade(long id, long millis) {
        return Samples.tradeRecord(id, 1, 1, millis * 1_000, millis);
    }

    /** The enriched trades as they are on the topic, in the order of their bytes. */
    private static List<String> bytes(Topics topics) throws Exception {
        return topics.readAll("enriched-trades").stream()
                .map(record -> HexFormat.of().formatHex(record.value()))
                .sorted()
                .toList();
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
