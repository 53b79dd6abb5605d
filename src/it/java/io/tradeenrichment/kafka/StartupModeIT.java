package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Topics;
import io.tradeenrichment.process.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The startup mode: where the job begins to read trades. A savepoint takes precedence. */
class StartupModeIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long BEFORE_START = 20;
    private static final long AFTER_START = 5;

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    @Test
    void earliestReadsAllTrades() throws Exception {
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "earliest"), Map.of()))
                .containsExactlyInAnyOrderElementsOf(ids(0, BEFORE_START));
    }

    @Test
    void latestSkipsTheTradesSentBeforeTheStart() throws Exception {
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "latest"), Map.of()))
                .isEmpty();
    }

    /** The record timestamp of a sample is 5,000 ms plus its trade id. */
    @Test
    void timestampReadsFromTheFirstTradeOfThatTime() throws Exception {
        Map<String, String> start = Map.of(
                "kafka.trades.start",
                "timestamp",
                "kafka.trades.start-timestamp",
                Instant.ofEpochMilli(5_000 + 12).toString());
        assertThat(enrichedFrom(start, Map.of())).containsExactlyInAnyOrderElementsOf(ids(12, BEFORE_START));
    }

    @Test
    void committedReadsFromTheGroupsOffsetsAndElseFromTheBeginning() throws Exception {
        Map<Integer, Long> committed = Map.of(0, 3L);
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "committed"), committed))
                .containsExactlyInAnyOrderElementsOf(ids(3, BEFORE_START));
        assertThat(enrichedFrom(Map.of("kafka.trades.start", "committed"), Map.of()))
                .containsExactlyInAnyOrderElementsOf(ids(0, BEFORE_START));
    }

    @Test
    void aSavepointsOffsetsTakePrecedenceOverTheStartupMode() throws Exception {
        try (Topics topics = topicsWithTrades()) {
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(1)) {
                topics.awaitEnriched(BEFORE_START);
                savepoint = job.stop(folder);
            }
            topics.sendTrades(BEFORE_START, BEFORE_START + AFTER_START);
            for (String start : List.of("latest", "earliest")) {
                Map<String, String> settings = topics.settings();
                settings.put("kafka.trades.start", start);
                try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(1)) {
                    topics.awaitEnriched(BEFORE_START + AFTER_START);
                    savepoint = job.stop(folder);
                }
            }
            assertThat(topics.enrichedIds()).containsExactlyInAnyOrderElementsOf(ids(0, BEFORE_START + AFTER_START));
        }
    }

    /**
     * The ids of the trades sent before the start that the job enriches.
     *
     * @param committed offsets of the job's group before the start, by partition
     */
    private List<Long> enrichedFrom(Map<String, String> start, Map<Integer, Long> committed) throws Exception {
        try (Topics topics = topicsWithTrades()) {
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
                // With latest, the job skips the trades sent before its source has resolved the offset: sends another
                // one.
                AtomicLong next = new AtomicLong(BEFORE_START);
                await().atMost(TIMEOUT).until(() -> {
                    long id = next.getAndIncrement();
                    topics.sendTrades(id, id + 1);
                    return topics.enrichedIds().stream().anyMatch(enriched -> enriched >= BEFORE_START);
                });
                job.stop(folder);
            }
            return topics.enrichedIds().stream().filter(id -> id < BEFORE_START).toList();
        }
    }

    /** Topics with an instrument, a user, and trades in one partition in the order of their ids. */
    private static Topics topicsWithTrades() throws Exception {
        Topics topics = new Topics(KAFKA).createAll(1);
        topics.sendRows();
        topics.sendTrades(0, BEFORE_START);
        return topics;
    }

    private static List<Long> ids(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
