package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.process.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A topic is deleted and created again between a savepoint and its restore. */
class RecreatedTopicIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    @Test
    void readsTheNewTradesFromTheBeginningOnlyIfTheNewTopicIsAccepted() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll(1)) {
            topics.sendRows();
            topics.sendTrades(0, 10);
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(2)) {
                topics.awaitEnriched(10);
                savepoint = job.stop(folder);
            }
            String old = topics.id("trades");
            topics.recreate("trades", 1, Map.of());
            topics.sendTrades(100, 150);

            // A restart would fail in the same way, so Flink must not try one.
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
                topics.awaitEnriched(60);
                next = job.stop(folder);
            }
            // With the setting still in place, the records of the new topic are not read again.
            topics.sendTrades(150, 160);
            try (JobOnKafka job = new JobOnKafka(accepting).from(next).start(1)) {
                topics.awaitEnriched(70);
                job.stop(folder);
            }
            // All ids once: neither skipped nor read as duplicates.
            assertThat(topics.enriched())
                    .containsOnlyKeys(LongStream.concat(LongStream.range(0, 10), LongStream.range(100, 160))
                            .boxed()
                            .toArray(Long[]::new));
        }
    }

    @Test
    void loadsTheRowsOfAnAcceptedNewTopicInPlaceOfTheOldRows() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll(1)) {
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
                topics.awaitEnriched(2);
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
                topics.awaitEnriched(5);
                topics.send(List.of(Samples.tradeRecord(6, 1, 4), Samples.userRecord(4, 500, "live")));
                topics.awaitEnriched(6);
                job.stop(folder);
            }
            assertThat(topics.enriched())
                    .isEqualTo(Map.of(
                            1L, "T ann", 2L, "T bob", 3L, "T null", 4L, "T bob, new", 5L, "T eve", 6L, "T live"));
        }
    }
}
