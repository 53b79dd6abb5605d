package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.types.ModelTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that a checkpoint promises and Kafka ends before it is committed, on a real broker. */
class LostTransactionsIT {
    private static final int SHOWN = 40;
    /** One trade is lost: a checkpoint cannot come between it and another. */
    private static final int ALL = SHOWN + 1;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static KafkaBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"));
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @Test
    void theJobFailsAndWinsTheOutputBackFromTheCheckpointBefore() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            Lost lost;
            try (JobOnKafka job = new JobOnKafka(settings(topics))) {
                lost = lose(job, topics, LostTransactionsIT::timesOut, "transactionsLost");

                assertThat(sentence(job.failure()))
                        .startsWith("Output for the topic " + topics.name("enriched-trades")
                                + " between the checkpoints " + (lost.checkpoint() - 1) + " and " + lost.checkpoint()
                                + " is lost if the job continues:")
                        .contains("the transaction " + lost.transaction() + " was aborted");
                assertThat(lost.count().getAsLong()).isEqualTo(1);
            }
            assertThat(ids(topics)).hasSize(SHOWN);

            // From the same checkpoint it fails again, however often it is tried.
            try (JobOnKafka job = new JobOnKafka(settings(topics)).from(lost.at(0))) {
                holding(job).start(1);
                assertThat(sentence(job.failure())).contains("the transaction " + lost.transaction() + " was aborted");
            }
            try (JobOnKafka job = new JobOnKafka(settings(topics)).from(lost.at(-1))) {
                holding(job).start(1);
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") >= ALL);
                assertThat(job.counter("transactionsLost").getAsLong()).isZero();
                job.stop(folder);
            }
            assertThat(ids(topics)).containsExactlyInAnyOrderElementsOf(allIds());
        }
    }

    @Test
    void theJobFailsWhenAnotherProducerTakesTheNameUnlessTheLossIsAccepted() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            Lost lost;
            try (JobOnKafka job = new JobOnKafka(settings(topics))) {
                lost = lose(job, topics, LostTransactionsIT::isTaken, "transactionsLost");
                assertThat(sentence(job.failure()))
                        .contains("the transaction " + lost.transaction()
                                + " was ended by another producer with the same transactional id");
            }
            Map<String, String> accepting = settings(topics);
            accepting.put("kafka.transaction.accept-loss-until", String.valueOf(lost.checkpoint()));
            try (JobOnKafka job = new JobOnKafka(accepting).from(lost.at(0))) {
                holding(job).start(1);
                topics.send(List.of(Samples.tradeRecord(ALL, 1, 1)));
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == SHOWN + 1);
                assertThat(job.counter("transactionsLost").getAsLong()).isEqualTo(1);
                job.stop(folder);
            }
            assertThat(ids(topics)).hasSize(SHOWN + 1).contains((long) ALL);
        }
    }

    /** What the guard is for: this is how it went without. */
    @Test
    void theConnectorsOwnSinkGoesOnWithoutAWord() throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            try (JobOnKafka job = new JobOnKafka(settings(topics)).toEnriched(stock(topics))) {
                Lost lost = lose(job, topics, LostTransactionsIT::timesOut, "failedCommittables");
                topics.send(List.of(Samples.tradeRecord(ALL, 1, 1)));
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == SHOWN + 1);
                assertThat(lost.count().getAsLong()).isEqualTo(1);
                assertThat(job.isRunning()).isTrue();
                job.stop(folder);
            }
            assertThat(ids(topics)).hasSize(SHOWN + 1).contains((long) ALL);
        }
    }

    /**
     * @param checkpoint that has promised the output of the transaction, and is complete
     * @param count of those that the job has found lost
     */
    private record Lost(JobID job, long checkpoint, String transaction, LongSupplier count) {
        String at(int distance) {
            return JobOnKafka.checkpoint(job, checkpoint + distance);
        }
    }

    /** How a transaction ends before its time. */
    private interface Ending {
        void of(String transaction, Topics topics) throws Exception;
    }

    private static void timesOut(String transaction, Topics topics) {
        await().atMost(PATIENCE)
                .until(() -> states(topics).get(transaction), state -> state == TransactionState.COMPLETE_ABORT);
    }

    private static void isTaken(String transaction, Topics topics) throws Exception {
        topics.admin().fenceProducers(List.of(transaction)).all().get();
    }

    /** Lets a checkpoint be complete only when the transaction that it promises has ended. */
    private static Lost lose(JobOnKafka job, Topics topics, Ending ending, String counter) throws Exception {
        HoldsUpACheckpoint.from(ALL);
        topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
        holding(job).checkpointsTake(PATIENCE).start(1);
        topics.send(trades(0, SHOWN));
        await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == SHOWN);
        topics.send(trades(SHOWN, ALL));
        await().atMost(PATIENCE).until(() -> HoldsUpACheckpoint.held > 0);
        long checkpoint = HoldsUpACheckpoint.held;
        String name = topics.prefix() + "enriched-trades-0-";
        // Once the next one has its name, this one is promised.
        await().atMost(PATIENCE).until(() -> states(topics).containsKey(name + (checkpoint + 1)));
        ending.of(name + checkpoint, topics);
        LongSupplier count = job.counter(counter);
        HoldsUpACheckpoint.release();
        return new Lost(job.id(), checkpoint, name + checkpoint, count);
    }

    private static Map<String, TransactionState> states(Topics topics) throws Exception {
        Map<String, TransactionState> states = new HashMap<>();
        for (TransactionListing listing :
                topics.admin().listTransactions().all().get()) {
            states.put(listing.transactionalId(), listing.state());
        }
        return states;
    }

    private static JobOnKafka holding(JobOnKafka job) {
        return job.onTrades(trades -> trades.map(new HoldsUpACheckpoint(), ModelTypes.SOURCE_RECORD)
                        .uid("holds-up"))
                .with(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofSeconds(5));
    }

    private static Map<String, String> settings(Topics topics) {
        Map<String, String> settings = topics.settings();
        settings.put("kafka.transaction.timeout", "6 s");
        return settings;
    }

    private static KafkaSink<EnrichedTrade> stock(Topics topics) {
        Properties properties = new Properties();
        properties.put("transaction.timeout.ms", "6000");
        return KafkaSink.<EnrichedTrade>builder()
                .setBootstrapServers(broker.bootstrapServers())
                .setKafkaProducerConfig(properties)
                .setRecordSerializer(new Values(topics.name("enriched-trades")))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(topics.prefix() + "enriched-trades")
                .build();
    }

    private static List<SourceRecord> trades(int from, int to) {
        List<SourceRecord> trades = new ArrayList<>();
        for (long id = from; id < to; id++) {
            trades.add(Samples.tradeRecord(id, 1, 1));
        }
        return trades;
    }

    private static List<Long> allIds() {
        return LongStream.range(0, ALL).boxed().toList();
    }

    private static List<Long> ids(Topics topics) throws Exception {
        return topics.readAll("enriched-trades").stream()
                .map(record -> (Long) Samples.enriched(record.value(), 10).get("trade_id"))
                .toList();
    }

    /** The one in the chain of causes that is meant for people. */
    private static String sentence(Throwable failure) {
        Predicate<Throwable> forPeople =
                cause -> cause.getMessage() != null && cause.getMessage().startsWith("Output for");
        return ExceptionUtils.findThrowable(failure, forPeople).orElseThrow().getMessage();
    }

    /** Takes long over its part of one checkpoint, when everything after it has done its own. */
    private static final class HoldsUpACheckpoint
            implements MapFunction<SourceRecord, SourceRecord>, CheckpointedFunction {
        private static volatile int from;
        private static volatile long held;
        private static volatile CountDownLatch released = new CountDownLatch(0);

        private int passed;

        /** Holds the first checkpoint after so many records. */
        static void from(int records) {
            from = records;
            held = 0;
            released = new CountDownLatch(1);
        }

        static void release() {
            released.countDown();
        }

        @Override
        public SourceRecord map(SourceRecord trade) {
            passed++;
            return trade;
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws InterruptedException {
            if (passed >= from && held == 0) {
                held = context.getCheckpointId();
                released.await();
            }
        }

        @Override
        public void initializeState(FunctionInitializationContext context) {
            // It remembers nothing.
        }
    }

    private static final class Values implements KafkaRecordSerializationSchema<EnrichedTrade> {
        private final String topic;

        Values(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(EnrichedTrade trade, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(topic, trade.value());
        }
    }
}
