package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No trade is judged before the rows that stand have been read, whatever the topics that they stand in look like. */
class StandingRowsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROWS = 5_000;
    private static final int TRADES = 20_000;
    /** Deleted before the job starts. */
    private static final long DELETED = 17;

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
    void everyRowStandsBeforeTheFirstTradeAndARestartDoesNotLoadAgain() throws Exception {
        try (Topics topics = new Topics(broker);
                LoadReports loads = new LoadReports()) {
            topics.create("trades", 4, Map.of());
            Map<String, String> cleanedAtOnce = Map.of(
                    "cleanup.policy", "compact",
                    "min.cleanable.dirty.ratio", "0.001",
                    "segment.ms", "100",
                    "delete.retention.ms", "600000");
            topics.create("instruments", 2, cleanedAtOnce);
            topics.create("users", 1, cleanedAtOnce);
            topics.create("enriched-trades", 3, Map.of());
            topics.create("dead-letters", 1, Map.of());
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.instrument.missing", "dead-letter");
            settings.put("join.user.missing", "dead-letter");

            writeRows(topics);
            topics.send(trades(0));
            Map<Long, String> expected = new TreeMap<>();
            expect(expected, 0);
            TreeSet<Long> ofTheDeleted = new TreeSet<>(idsOfTheDeleted(0));
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                awaitOutput(topics, TRADES);
                savepoint = job.stop(folder);
            }
            assertThat(enriched(topics)).isEqualTo(expected);
            assertThat(lettersOf(topics)).isEqualTo(ofTheDeleted);
            assertThat(loads.reports()).as("one for each subtask").hasSize(2);
            loads.reports().forEach(System.out::println);

            // More of both, in other numbers of subtasks: what is known is known.
            topics.send(List.of(Samples.stockRecord(DELETED, 9_000_000, "BACK")));
            try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(3)) {
                awaitOutput(topics, TRADES, () -> topics.send(trades(TRADES)));
                job.stop(folder);
            }
            expect(expected, TRADES);
            Map<Long, String> afterwards = enriched(topics);
            // Whether the row that came back did so before or after its trades is anybody's guess.
            afterwards.values().removeIf(trade -> trade.startsWith("BACK"));
            assertThat(afterwards).isEqualTo(expected);
            assertThat(idsOfTheDeleted(0)).isSubsetOf(lettersOf(topics));
            assertThat(loads.reports()).as("nothing was loaded again").hasSize(2);
        }
    }

    @Test
    void anEmptyTopicHoldsNothingUp() throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                LoadReports loads = new LoadReports()) {
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.user.missing", "partial");
            settings.put("join.instrument.missing", "dead-letter");
            List<SourceRecord> instruments = new ArrayList<>();
            for (long id = 0; id < 100; id++) {
                instruments.add(Samples.stockRecord(id, 1_000_000, "T" + id));
            }
            topics.send(instruments);
            List<SourceRecord> trades = new ArrayList<>();
            for (long id = 0; id < 1_000; id++) {
                trades.add(Samples.tradeRecord(id, id % 100, id));
            }
            topics.send(trades);
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                awaitOutput(topics, 1_000);
                job.stop(folder);
            }
            assertThat(enriched(topics))
                    .hasSize(1_000)
                    .allSatisfy((id, trade) -> assertThat(trade).isEqualTo("T" + id % 100 + " null"));
            assertThat(loads.reports()).hasSize(2);
        }
    }

    @Test
    void rowsOfAPartitionThatIsAddedLaterAreReadToo() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            topics.send(List.of(Samples.stockRecord(1, 1_000_000, "OLD")));
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(2)) {
                topics.send(List.of(Samples.userRecord(1, 1_000_000, "ann"), Samples.tradeRecord(1, 1, 1)));
                awaitOutput(topics, 1);
                topics.admin()
                        .createPartitions(Map.of(topics.name("instruments"), NewPartitions.increaseTo(8)))
                        .all()
                        .get();
                List<SourceRecord> more = new ArrayList<>();
                for (long id = 2; id < 50; id++) {
                    more.add(Samples.stockRecord(id, 1_000_000, "NEW" + id));
                    more.add(Samples.tradeRecord(id, id, 1));
                }
                awaitOutput(topics, 48, () -> topics.send(more));
                job.stop(folder);
            }
            assertThat(enriched(topics)).hasSize(49).containsEntry(2L, "NEW2 ann");
        }
    }

    /** One of two subtasks fails in the middle: what it had read must neither count nor be missed the second time. */
    @Test
    void aLoadThatFailsBeginsAnew() throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                LoadReports loads = new LoadReports()) {
            List<SourceRecord> records = new ArrayList<>();
            for (long id = 0; id < ROWS; id++) {
                records.add(Samples.stockRecord(id, 1_000_000, "T" + id));
                records.add(Samples.userRecord(id, 1_000_000, "user-" + id));
            }
            topics.send(records);
            topics.send(trades(0));
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.instrument.missing", "dead-letter");
            settings.put("join.user.missing", "dead-letter");
            FailingLoad.failures.set(0);
            try (JobOnKafka job = new JobOnKafka(settings)
                    .restarting(1)
                    .onStanding(standing -> new FailingLoad(standing, ROWS))
                    .start(2)) {
                awaitOutput(topics, TRADES);
                job.stop(folder);
            }
            assertThat(FailingLoad.failures).hasValue(1);
            assertThat(loads.reports())
                    .as("by both subtasks, after the failure")
                    .hasSizeBetween(2, 3);
            assertThat(topics.committed("dead-letters")).isZero();
            assertThat(enriched(topics))
                    .hasSize(TRADES)
                    .allSatisfy((id, trade) -> assertThat(trade).isEqualTo("T" + id % ROWS + " user-" + id * 7 % ROWS));
        }
    }

    @Test
    void aLoadThatTakesTooLongOrFindsATopicCutShortSaysSo() throws Exception {
        try (KafkaBroker brief = KafkaBroker.start();
                Topics topics = new Topics(brief).createAll()) {
            topics.send(List.of(Samples.userRecord(1, 1_000_000, "ann"), Samples.stockRecord(1, 1_000_000, "A")));
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("kafka.dimensions.load.timeout", "2 s");
            settings.put("kafka.client.max.poll.records", "1");
            SnapshotRecords standing = standing(settings);

            assertThatIOException()
                    .isThrownBy(() -> standing.readAll(slow(Duration.ofSeconds(2))))
                    .withMessageContaining("were not read within kafka.dimensions.load.timeout (2 s): ")
                    .withMessageContaining(" of 1");

            topics.recreate("users");
            assertThatIOException()
                    .isThrownBy(() -> standing.readAll(slow(Duration.ZERO)))
                    .withMessage("the topic " + topics.name("users")
                            + " was deleted and created again after the job was started; start the job again");

            SnapshotRecords ofTheNew = standing(settings);
            brief.kill();
            assertThatIOException()
                    .isThrownBy(() -> ofTheNew.readAll(slow(Duration.ZERO)))
                    .withMessageMatching("the topic (instruments|users)\\.\\d+ cannot be looked up:"
                            + " Kafka has not answered within 2 s");
        }
    }

    private static SnapshotRecords standing(Map<String, String> settings) throws Exception {
        return KafkaConnectors.open(
                        Settings.of(JobOnKafka.PROGRAM, settings, "the test").bind(KafkaConfig::from),
                        new Checkpointing(Duration.ofSeconds(1), Duration.ofMinutes(1), 3, true, false),
                        1000)
                .snapshot();
    }

    /** Takes that long for a record. */
    private static SnapshotRecords.Receiver slow(Duration pause) {
        return new SnapshotRecords.Receiver() {
            @Override
            public void record(SourceRecord record, boolean comesAgain) {
                long began = System.nanoTime();
                await().until(() -> System.nanoTime() - began >= pause.toNanos());
            }

            @Override
            public void readUpTo(Dimension dimension, int partition, long next) {}
        };
    }

    /** Reads as the other does, but the first one to come that far fails. */
    private record FailingLoad(SnapshotRecords records, int after) implements SnapshotRecords {
        /** Of all the tasks of this JVM's mini cluster. */
        private static final AtomicInteger failures = new AtomicInteger();

        @Override
        public long topic(Dimension dimension) {
            return records.topic(dimension);
        }

        @Override
        public void readAll(Receiver receiver) throws Exception {
            records.readAll(new Receiver() {
                private int read;

                @Override
                public void record(SourceRecord record, boolean comesAgain) throws Exception {
                    receiver.record(record, comesAgain);
                    if (++read == after && failures.compareAndSet(0, 1)) {
                        throw new IOException("the failure that was asked for");
                    }
                }

                @Override
                public void readUpTo(Dimension dimension, int partition, long next) throws Exception {
                    receiver.readUpTo(dimension, partition, next);
                }
            });
        }
    }

    /** The rows that stand would not be those that the live feed goes on from. */
    @Test
    void aTopicThatIsRecreatedWhileTheJobStandsStillStopsIt() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            List<SourceRecord> users = new ArrayList<>();
            for (long id = 0; id < 100; id++) {
                users.add(Samples.userRecord(id, 1_000_000, "user-" + id));
            }
            topics.send(users);
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(1)) {
                savepoint = job.stop(folder);
            }
            topics.recreate("users");
            try (JobOnKafka job =
                    new JobOnKafka(topics.settings()).from(savepoint).start(1)) {
                assertThat(job.failure())
                        .hasStackTraceContaining("kafka.topics.users: the topic " + topics.name("users")
                                + " was deleted and created again after this state was saved");
            }
        }
    }

    /** Every kind of thing that a compacted topic holds, ending in a transaction's marker on every partition. */
    private static void writeRows(Topics topics) throws Exception {
        // Old versions, which compaction removes.
        for (int round = 0; round < 3; round++) {
            List<SourceRecord> old = new ArrayList<>();
            for (long id = 0; id < ROWS; id++) {
                old.add(Samples.stockRecord(id, 1_000 + round, "OLD" + round));
                old.add(Samples.userRecord(id, 1_000 + round, "old-" + round));
            }
            topics.send(old);
        }
        try (KafkaProducer<byte[], byte[]> producer = topics.producer("rows-" + topics.name("users"))) {
            producer.beginTransaction();
            for (long id = 0; id < ROWS; id++) {
                producer.send(topics.record(Samples.stockRecord(id, 2_000_000, "T" + id)));
                producer.send(topics.record(Samples.userRecord(id, 2_000_000, "user-" + id)));
            }
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(topics.record(Samples.tombstone(Feed.INSTRUMENTS, DELETED, 3_000, 0)));
            producer.commitTransaction();
        }
        long before = records(topics, "users");
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            // A segment is closed by the next record; then the cleaner sees it.
            topics.send(List.of(Samples.userRecord(0, 2_000_000, "user-0"), Samples.stockRecord(0, 2_000_000, "T0")));
            return records(topics, "users") < before - ROWS;
        });
        try (KafkaProducer<byte[], byte[]> producer = topics.producer("aborts-" + topics.name("users"))) {
            producer.beginTransaction();
            for (long id = 0; id < 1_000; id++) {
                producer.send(topics.record(Samples.stockRecord(id, 8_000_000, "ABORTED")));
                producer.send(topics.record(Samples.userRecord(id, 8_000_000, "aborted")));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }

    private static long records(Topics topics, String role) throws Exception {
        return topics.readAll(role).size();
    }

    private static List<SourceRecord> trades(long from) {
        List<SourceRecord> trades = new ArrayList<>();
        for (long id = from; id < from + TRADES; id++) {
            trades.add(Samples.tradeRecord(id, id % ROWS, (id * 7) % ROWS));
        }
        return trades;
    }

    private static void expect(Map<Long, String> expected, long from) {
        for (long id = from; id < from + TRADES; id++) {
            if (id % ROWS != DELETED) {
                expected.put(id, "T" + id % ROWS + " user-" + (id * 7) % ROWS);
            }
        }
    }

    private static List<Long> idsOfTheDeleted(long from) {
        List<Long> ids = new ArrayList<>();
        for (long id = from; id < from + TRADES; id++) {
            if (id % ROWS == DELETED) {
                ids.add(id);
            }
        }
        return ids;
    }

    private static void awaitOutput(Topics topics, int more) throws Exception {
        awaitOutput(topics, 0, more, () -> {});
    }

    private static void awaitOutput(Topics topics, int more, Runnable action) throws Exception {
        awaitOutput(topics, output(topics), more, action);
    }

    private static void awaitOutput(Topics topics, long before, int more, Runnable action) throws Exception {
        action.run();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> output(topics) >= before + more);
    }

    private static long output(Topics topics) throws Exception {
        return topics.committed("enriched-trades") + topics.committed("dead-letters");
    }

    private static Map<Long, String> enriched(Topics topics) throws Exception {
        Map<Long, String> trades = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.readAll("enriched-trades")) {
            GenericRecord trade = Samples.enriched(record.value(), 10);
            assertThat(trades.put((Long) trade.get("trade_id"), trade.get("instrument") + " " + trade.get("user")))
                    .isNull();
        }
        return trades;
    }

    private static TreeSet<Long> lettersOf(Topics topics) throws Exception {
        TreeSet<Long> ids = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> letter : topics.readAll("dead-letters")) {
            assertThat(new String(letter.headers()
                            .lastHeader("trade-enrichment.reason")
                            .value()))
                    .isEqualTo("MISSING_INSTRUMENT");
            ids.add(letter.timestamp() - 5_000);
        }
        return ids;
    }
}
