package io.tradeenrichment.dimensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code join.time: as-of}: trades are joined with the rows that were valid at their trade time. */
class AsOfIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    /** Rows of each dimension. With five records per poll, reading them takes longer than trades wait. */
    private static final int BACKLOG = 150_000;

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    @Test
    void aTradeWaitsForALateVersionButNotForATopicWithoutRecords() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
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
                // The trade is written although neither topic receives a record.
                topics.awaitEnriched(1);
                traded = System.currentTimeMillis();
                topics.send(List.of(Samples.tradeRecord(2, 1, 1, traded * 1_000, traded)));
                SourceRecord late = Samples.stockRecord(1, traded * 1_000 - 5_000, "NOW");
                topics.send(List.of(Samples.written(System.currentTimeMillis(), late)));
                topics.awaitEnriched(2);
                savepoint = job.stop(folder);
            }
            assertThat(topics.enriched()).isEqualTo(Map.of(1L, "OLD u", 2L, "NOW u"));

            // The savepoint holds all versions.
            topics.send(List.of(
                    Samples.tradeRecord(3, 1, 1, old + 9_999_999, now),
                    Samples.tradeRecord(4, 1, 1, old + 10_000_000, now),
                    Samples.tradeRecord(5, 1, 1, traded * 1_000, traded)));
            try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(3)) {
                topics.awaitEnriched(5);
                job.stop(folder);
            }
            assertThat(topics.enriched())
                    .isEqualTo(Map.of(1L, "OLD u", 2L, "NOW u", 3L, "OLD u", 4L, "THEN u", 5L, "NOW u"));
        }
    }

    /**
     * A restored job slowly reads the rows that were sent while it was stopped. Its output is that of a job that loads all
     * rows at its start.
     */
    @Test
    void aBacklogOfRowsDoesNotChangeTheOutput() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                Topics other = new Topics(KAFKA).createAll()) {
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
                topics.awaitEnriched(1);
                savepoint = job.stop(folder);
            }
            // The newest rows of instrument 1 and user 1 come last.
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
                topics.awaitEnriched(99);
                job.stop(folder);
            }

            // The same trades and rows in a job that loads all rows before the first trade.
            Map<String, String> loaded = new HashMap<>(settings);
            loaded.remove("kafka.client.max.poll.records");
            for (String role : List.of("enriched-trades", "dead-letters")) {
                loaded.put("kafka.topics." + role, other.name(role));
            }
            loaded.put("kafka.transactional-id-prefix", other.prefix());
            loaded.put("kafka.group.id", "loaded");
            try (JobOnKafka job = new JobOnKafka(loaded).start(2)) {
                other.awaitEnriched(99);
                job.stop(folder);
            }
            assertThat(bytes(topics)).isEqualTo(bytes(other)).hasSize(99);
            assertThat(topics.enriched()).containsEntry(2L, "NEW new").containsEntry(3L, "OLD old");
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

    /** The enriched trades in hexadecimal, sorted. */
    private static List<String> bytes(Topics topics) throws Exception {
        return topics.readAll("enriched-trades").stream()
                .map(record -> HexFormat.of().formatHex(record.value()))
                .sorted()
                .toList();
    }
}
