package io.tradeenrichment.dimensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Samples;
import io.tradeenrichment.SnapshotLoadLog;
import io.tradeenrichment.Topics;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The job loads the dimension snapshot before the first trade, whatever the dimension topics contain. */
class SnapshotIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int ROWS = 5_000;
    private static final int TRADES = 20_000;
    /** Deleted before the job starts. */
    private static final long DELETED = 17;

    @RegisterExtension
    static final Broker KAFKA = Broker.own();

    @TempDir
    private Path folder;

    @Test
    void loadsAllRowsBeforeTheFirstTradeAndLoadsNothingAfterARestore() throws Exception {
        try (Topics topics = new Topics(KAFKA);
                SnapshotLoadLog loads = new SnapshotLoadLog()) {
            topics.create("trades", 4, Map.of());
            Map<String, String> compactedAtOnce = Map.of(
                    "cleanup.policy", "compact",
                    "min.cleanable.dirty.ratio", "0.001",
                    "segment.ms", "100",
                    "delete.retention.ms", "600000");
            topics.create("instruments", 2, compactedAtOnce);
            topics.create("users", 1, compactedAtOnce);
            topics.create("enriched-trades", 3, Map.of());
            topics.create("dead-letters", 1, Map.of());
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.instrument.missing", "dead-letter");
            settings.put("join.user.missing", "dead-letter");

            writeRows(topics);
            topics.send(trades(0));
            Map<Long, String> expected = new TreeMap<>();
            expect(expected, 0);
            TreeSet<Long> deletedIds = new TreeSet<>(idsOfDeletedInstrument(0));
            String savepoint;
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                awaitOutput(topics, TRADES);
                savepoint = job.stop(folder);
            }
            assertThat(topics.enriched()).isEqualTo(expected);
            assertThat(deadLetterIds(topics)).isEqualTo(deletedIds);
            assertThat(loads.lines()).as("one for each subtask").hasSize(2);
            loads.lines().forEach(System.out::println);

            // More rows and trades, at another parallelism: the rows are in the savepoint.
            topics.send(List.of(Samples.stockRecord(DELETED, 9_000_000, "BACK")));
            try (JobOnKafka job = new JobOnKafka(settings).from(savepoint).start(3)) {
                awaitOutput(topics, TRADES, () -> topics.send(trades(TRADES)));
                job.stop(folder);
            }
            expect(expected, TRADES);
            Map<Long, String> afterwards = topics.enriched();
            // The row that is written again may arrive before or after its trades.
            afterwards.values().removeIf(trade -> trade.startsWith("BACK"));
            assertThat(afterwards).isEqualTo(expected);
            assertThat(idsOfDeletedInstrument(0)).isSubsetOf(deadLetterIds(topics));
            assertThat(loads.lines()).as("no further load").hasSize(2);
        }
    }

    @Test
    void anEmptyTopicDoesNotDelayTheStart() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                SnapshotLoadLog loads = new SnapshotLoadLog()) {
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
            assertThat(topics.enriched())
                    .hasSize(1_000)
                    .allSatisfy((id, trade) -> assertThat(trade).isEqualTo("T" + id % 100 + " null"));
            assertThat(loads.lines()).hasSize(2).allMatch(line -> line.startsWith("Read 100 records"));
        }
    }

    @Test
    void readsTheRowsOfAPartitionThatIsAddedLater() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
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
            assertThat(topics.enriched()).hasSize(49).containsEntry(2L, "NEW2 ann");
        }
    }

    /** One of two subtasks fails during the load. */
    @Test
    void aFailedLoadStartsAgainFromTheBeginning() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                SnapshotLoadLog loads = new SnapshotLoadLog()) {
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
                    .wrapSnapshot(snapshot -> new FailingLoad(snapshot, ROWS))
                    .start(2)) {
                awaitOutput(topics, TRADES);
                job.stop(folder);
            }
            assertThat(FailingLoad.failures).hasValue(1);
            assertThat(loads.lines()).as("by both subtasks, after the failure").hasSizeBetween(2, 3);
            assertThat(topics.committed("dead-letters")).isZero();
            assertThat(topics.enriched())
                    .hasSize(TRADES)
                    .allSatisfy((id, trade) -> assertThat(trade).isEqualTo("T" + id % ROWS + " user-" + id * 7 % ROWS));
        }
    }

    @Test
    void aLoadFailsWhenItTakesTooLongOrTheTopicIsRecreatedOrTheBrokerIsDown() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            topics.send(List.of(Samples.userRecord(1, 1_000_000, "ann"), Samples.stockRecord(1, 1_000_000, "A")));
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("kafka.dimensions.load.timeout", "2 s");
            settings.put("kafka.client.max.poll.records", "1");
            SnapshotRecords snapshot = snapshot(settings);

            assertThatIOException()
                    .isThrownBy(() -> snapshot.readAll(Set.copyOf(Dimension.BUNDLED), slow(Duration.ofSeconds(2))))
                    .withMessageContaining("were not read within kafka.dimensions.load.timeout (2 s): ")
                    .withMessageContaining(" of 1");

            topics.recreate("users");
            assertThatIOException()
                    .isThrownBy(() -> snapshot.readAll(Set.copyOf(Dimension.BUNDLED), slow(Duration.ZERO)))
                    .withMessage("the topic " + topics.name("users")
                            + " was deleted and created again after the job was started; start the job again");

            SnapshotRecords ofNewTopic = snapshot(settings);
            KAFKA.kill();
            try {
                assertThatIOException()
                        .isThrownBy(() -> ofNewTopic.readAll(Set.copyOf(Dimension.BUNDLED), slow(Duration.ZERO)))
                        .withMessageMatching("the topic (instruments|users)\\.\\d+ cannot be looked up:"
                                + " Kafka has not answered within 2 s");
            } finally {
                KAFKA.restart();
            }
        }
    }

    private static SnapshotRecords snapshot(Map<String, String> settings) throws Exception {
        return JobOnKafka.connectors(settings, false).snapshot();
    }

    /** A receiver that takes so long for each record. */
    private static SnapshotRecords.Receiver slow(Duration pause) {
        return new SnapshotRecords.Receiver() {
            @Override
            public void record(SourceRecord record, boolean comesAgain) {
                long start = System.nanoTime();
                await().until(() -> System.nanoTime() - start >= pause.toNanos());
            }

            @Override
            public void readUpTo(Dimension dimension, int partition, long next) {}
        };
    }

    /** Delegates, and throws once, after so many records. */
    private record FailingLoad(SnapshotRecords records, int after) implements SnapshotRecords {
        /** Shared by all tasks: they run in this JVM. */
        private static final AtomicInteger failures = new AtomicInteger();

        @Override
        public long topic(Dimension dimension) {
            return records.topic(dimension);
        }

        @Override
        public void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception {
            records.readAll(dimensions, new Receiver() {
                private int read;

                @Override
                public void record(SourceRecord record, boolean comesAgain) throws Exception {
                    receiver.record(record, comesAgain);
                    if (++read == after && failures.compareAndSet(0, 1)) {
                        throw new IOException("the failure of the test");
                    }
                }

                @Override
                public void readUpTo(Dimension dimension, int partition, long next) throws Exception {
                    receiver.readUpTo(dimension, partition, next);
                }
            });
        }
    }

    /** The rows in state would not be those of the new topic. */
    @Test
    void aDimensionTopicThatIsRecreatedWhileTheJobIsStoppedFailsTheRestore() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
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

    /** Writes old versions, tombstones and an aborted transaction, whose marker is the last record of every partition. */
    private static void writeRows(Topics topics) throws Exception {
        // Old versions, for compaction to remove.
        for (int round = 0; round < 3; round++) {
            List<SourceRecord> old = new ArrayList<>();
            for (long id = 0; id < ROWS; id++) {
                old.add(Samples.stockRecord(id, 1_000 + round, "OLD" + round));
                old.add(Samples.userRecord(id, 1_000 + round, "old-" + round));
            }
            topics.send(old);
        }
        try (KafkaProducer<byte[], byte[]> producer = topics.transactionalProducer("rows-" + topics.name("users"))) {
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
        // Four versions of each row have been written. The cleaner may have removed some of them already.
        long written = 4L * ROWS;
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(300)).until(() -> {
            // The cleaner only reads closed segments; the next record closes one.
            topics.send(List.of(Samples.userRecord(0, 2_000_000, "user-0"), Samples.stockRecord(0, 2_000_000, "T0")));
            return records(topics, "users") < written - ROWS;
        });
        try (KafkaProducer<byte[], byte[]> producer = topics.transactionalProducer("aborts-" + topics.name("users"))) {
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

    private static List<Long> idsOfDeletedInstrument(long from) {
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
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(() -> output(topics) >= before + more);
    }

    private static long output(Topics topics) throws Exception {
        return topics.committed("enriched-trades") + topics.committed("dead-letters");
    }

    private static TreeSet<Long> deadLetterIds(Topics topics) throws Exception {
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
