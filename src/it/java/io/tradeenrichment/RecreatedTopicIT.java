package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic is deleted and created again between a savepoint and its restore. */
class RecreatedTopicIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

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

    @Test
    void newTradesAreReadFromTheirBeginningOrNotAtAll() throws Exception {
        try (Topics topics = new Topics(broker).createAll(1)) {
            topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
            topics.send(trades(0, 10));
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(2)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 10);
                savepoint = job.stop(folder);
            }
            String old = topics.id("trades");
            topics.recreate("trades", 1, Map.of());
            topics.send(trades(100, 150));

            // A restart would find the same again.
            try (JobOnKafka job = new JobOnKafka(topics.settings())
                    .from(savepoint)
                    .restarting(Integer.MAX_VALUE)
                    .start(2)) {
                assertThat(job.failure())
                        .hasStackTraceContaining(SuppressRestartsException.class.getName())
                        .hasStackTraceContaining("kafka.topics.trades: the topic " + topics.name("trades")
                                + " was deleted and created again after this state was saved (its id was " + old
                                + " and is " + topics.id("trades") + "), so the offset 10 of its partition 0");
            }
            assertThat(topics.committed("enriched-trades")).isEqualTo(10);

            Map<String, String> accepting = new HashMap<>(topics.settings());
            accepting.put("kafka.topics.accept-recreated", topics.id("trades"));
            String next;
            try (JobOnKafka job = new JobOnKafka(accepting).from(savepoint).start(2)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 60);
                next = job.stop(folder);
            }
            // The setting may stay: what was read of the new topic is not read again.
            topics.send(trades(150, 160));
            try (JobOnKafka job = new JobOnKafka(accepting).from(next).start(1)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 70);
                job.stop(folder);
            }
            // Read twice, they would be duplicates; but then the new ones would not be here.
            assertThat(enriched(topics))
                    .containsOnlyKeys(LongStream.concat(LongStream.range(0, 10), LongStream.range(100, 160))
                            .boxed()
                            .toArray(Long[]::new));
        }
    }

    @Test
    void rowsOfANewTopicTakeThePlaceOfTheOldOnes() throws Exception {
        try (Topics topics = new Topics(broker).createAll(1)) {
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.wait.timeout", "3 s");
            settings.put("join.wait.then", "partial");
            topics.send(List.of(
                    Samples.stockRecord(1, 1_000, "T"),
                    Samples.userRecord(1, 1_000, "ann"),
                    Samples.userRecord(2, 1_000, "bob")));
            topics.send(List.of(Samples.tradeRecord(1, 1, 1), Samples.tradeRecord(2, 1, 2)));
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 2);
                savepoint = job.stop(folder);
            }
            topics.recreate("users");
            topics.send(List.of(Samples.userRecord(2, 500, "bob, new"), Samples.userRecord(3, 500, "eve")));
            try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(2)) {
                assertThat(job.failure()).hasStackTraceContaining("kafka.topics.users: the topic ");
            }

            settings.put("kafka.topics.accept-recreated", topics.id("users"));
            topics.send(
                    List.of(Samples.tradeRecord(3, 1, 1), Samples.tradeRecord(4, 1, 2), Samples.tradeRecord(5, 1, 3)));
            try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(3)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 5);
                topics.send(List.of(Samples.tradeRecord(6, 1, 4), Samples.userRecord(4, 500, "live")));
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == 6);
                job.stop(folder);
            }
            assertThat(enriched(topics))
                    .isEqualTo(Map.of(
                            1L, "T ann", 2L, "T bob", 3L, "T null", 4L, "T bob, new", 5L, "T eve", 6L, "T live"));
        }
    }

    private static List<SourceRecord> trades(long from, long to) {
        List<SourceRecord> trades = new ArrayList<>();
        for (long id = from; id < to; id++) {
            trades.add(Samples.tradeRecord(id, 1, 1));
        }
        return trades;
    }

    private static Map<Long, String> enriched(Topics topics) throws Exception {
        Map<Long, String> trades = new TreeMap<>();
        for (var record : topics.readAll("enriched-trades")) {
            GenericRecord trade = Samples.enriched(record.value(), 10);
            trades.put((Long) trade.get("trade_id"), trade.get("instrument") + " " + trade.get("user"));
        }
        return trades;
    }
}
