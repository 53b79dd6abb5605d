package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where trades are read from at a first start, and that a savepoint knows better. */
class TradesStartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long STANDING = 20;
    private static final long LATER = 5;

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
    void earliest() throws Exception {
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "earliest"), Map.of()))
                .containsExactlyInAnyOrderElementsOf(ids(0, STANDING + LATER));
    }

    @Test
    void latest() throws Exception {
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "latest"), Map.of()))
                .containsExactlyInAnyOrderElementsOf(ids(STANDING, STANDING + LATER));
    }

    /** Trades are dated by their records; the samples' records are five seconds younger than their ids say. */
    @Test
    void timestamp() throws Exception {
        Map<String, String> start = Map.of(
                "kafka.trades.start",
                "timestamp",
                "kafka.trades.start-timestamp",
                Instant.ofEpochMilli(5_000 + 12).toString());
        assertThat(enrichedFrom(start, Map.of())).containsExactlyInAnyOrderElementsOf(ids(12, STANDING + LATER));
    }

    @Test
    void whereTheGroupStoppedAndAtTheBeginningOfWhatItNeverRead() throws Exception {
        Map<Integer, Long> committed = Map.of(0, 3L);
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "committed"), committed))
                .containsExactlyInAnyOrderElementsOf(ids(3, STANDING + LATER));
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "committed"), Map.of()))
                .containsExactlyInAnyOrderElementsOf(ids(0, STANDING + LATER));
    }

    @Test
    void aSavepointGoesOnFromWhereItWasTakenWhateverTheSettingsSay() throws Exception {
        try (Topics topics = standing()) {
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(1)) {
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == STANDING);
                savepoint = job.stop(folder);
            }
            send(topics, STANDING, STANDING + LATER);
            for (String start : List.of("latest", "earliest")) {
                Map<String, String> settings = topics.settings();
                settings.put("kafka.trades.start", start);
                try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(1)) {
                    await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == STANDING + LATER);
                    savepoint = job.stop(folder);
                }
            }
            assertThat(enriched(topics)).containsExactlyInAnyOrderElementsOf(ids(0, STANDING + LATER));
        }
    }

    /** @param committed by the job's group before, by partition */
    private List<Long> enrichedFrom(Map<String, String> start, Map<Integer, Long> committed) throws Exception {
        try (Topics topics = standing()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            committed.forEach((partition, offset) ->
                    offsets.put(new TopicPartition(topics.name("trades"), partition), new OffsetAndMetadata(offset)));
            Map<String, String> settings = topics.settings();
            settings.putAll(start);
            settings.put("kafka.group.id", topics.name("group"));
            if (!offsets.isEmpty()) {
                topics.admin()
                        .alterConsumerGroupOffsets(topics.name("group"), offsets)
                        .all()
                        .get();
            }
            try (JobOnKafka job = new JobOnKafka(settings).start(1)) {
                // Once it has told its group where it is, it has decided where to start.
                await().atMost(PATIENCE)
                        .until(() -> topics.admin()
                                .listConsumerGroupOffsets(topics.name("group"))
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .containsKey(new TopicPartition(topics.name("trades"), 0)));
                send(topics, STANDING, STANDING + LATER);
                await().atMost(PATIENCE).until(() -> enriched(topics).containsAll(ids(STANDING, STANDING + LATER)));
                job.stop(folder);
            }
            return enriched(topics);
        }
    }

    /** Topics with rows, and trades in one partition, in the order of their ids. */
    private static Topics standing() throws Exception {
        Topics topics = new Topics(broker).createAll(1);
        topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
        send(topics, 0, STANDING);
        return topics;
    }

    private static void send(Topics topics, long from, long to) {
        List<SourceRecord> trades = new ArrayList<>();
        LongStream.range(from, to).forEach(id -> trades.add(Samples.tradeRecord(id, 1, 1)));
        topics.send(trades);
    }

    private static List<Long> enriched(Topics topics) throws Exception {
        return topics.readAll("enriched-trades").stream()
                .map(record -> (Long) Samples.enriched(record.value(), 10).get("trade_id"))
                .toList();
    }

    private static List<Long> ids(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
