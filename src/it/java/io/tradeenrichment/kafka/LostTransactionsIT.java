package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.types.ModelTypes;
import java.nio.file.Path;
import java.time.Duration;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kafka aborts a transaction of a completed checkpoint before the job commits it. */
class LostTransactionsIT {
    private static final int BEFORE_LOSS = 40;
    /** Only one trade is lost, because a checkpoint cannot separate it from another. */
    private static final int ALL = BEFORE_LOSS + 1;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    @Test
    void failsAndWritesTheLostOutputAgainWhenRestoredFromThePreviousCheckpoint() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            Lost lost;
            try (JobOnKafka job = new JobOnKafka(settings(topics))) {
                lost = loseTransaction(job, topics, LostTransactionsIT::awaitTimeout, "transactionsLost");

                assertThat(sentence(job.failure()))
                        .startsWith("Output for the topic " + topics.name("enriched-trades")
                                + " between the checkpoints " + (lost.checkpoint() - 1) + " and " + lost.checkpoint()
                                + " is lost if the job continues:")
                        .contains("the transaction " + lost.transaction() + " was aborted");
                assertThat(lost.count().getAsLong()).isEqualTo(1);
            }
            assertThat(topics.enrichedIds()).hasSize(BEFORE_LOSS);

            // A restore from the same checkpoint fails again.
            try (JobOnKafka job = new JobOnKafka(settings(topics)).from(lost.at(0))) {
                delaying(job).start(1);
                assertThat(sentence(job.failure())).contains("the transaction " + lost.transaction() + " was aborted");
            }
            try (JobOnKafka job = new JobOnKafka(settings(topics)).from(lost.at(-1))) {
                delaying(job).start(1);
                await().atMost(TIMEOUT).until(() -> topics.committed("enriched-trades") >= ALL);
                assertThat(job.counter("transactionsLost").getAsLong()).isZero();
                job.stop(folder);
            }
            assertThat(topics.enrichedIds()).containsExactlyInAnyOrderElementsOf(allIds());
        }
    }

    @Test
    void failsWhenAnotherProducerTakesTheTransactionalIdUnlessTheLossIsAccepted() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            Lost lost;
            try (JobOnKafka job = new JobOnKafka(settings(topics))) {
                lost = loseTransaction(job, topics, LostTransactionsIT::fence, "transactionsLost");
                assertThat(sentence(job.failure()))
                        .contains("the transaction " + lost.transaction()
                                + " was ended by another producer with the same transactional id");
            }
            Map<String, String> accepting = settings(topics);
            accepting.put("kafka.transaction.accept-loss-until", String.valueOf(lost.checkpoint()));
            try (JobOnKafka job = new JobOnKafka(accepting).from(lost.at(0))) {
                delaying(job).start(1);
                topics.send(List.of(Samples.tradeRecord(ALL, 1, 1)));
                topics.awaitEnriched(BEFORE_LOSS + 1);
                assertThat(job.counter("transactionsLost").getAsLong()).isEqualTo(1);
                job.stop(folder);
            }
            assertThat(topics.enrichedIds()).hasSize(BEFORE_LOSS + 1).contains((long) ALL);
        }
    }

    /** Without the transaction guard nothing reports the loss. */
    @Test
    void theConnectorsOwnSinkLosesTheOutputWithoutAFailure() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            try (JobOnKafka job = new JobOnKafka(settings(topics)).sinkEnrichedTo(plainSink(topics))) {
                Lost lost = loseTransaction(job, topics, LostTransactionsIT::awaitTimeout, "failedCommittables");
                topics.send(List.of(Samples.tradeRecord(ALL, 1, 1)));
                topics.awaitEnriched(BEFORE_LOSS + 1);
                assertThat(lost.count().getAsLong()).isEqualTo(1);
                assertThat(job.isRunning()).isTrue();
                job.stop(folder);
            }
            assertThat(topics.enrichedIds()).hasSize(BEFORE_LOSS + 1).contains((long) ALL);
        }
    }

    /**
     * @param checkpoint the completed checkpoint that the transaction belongs to
     * @param count the counter of lost transactions
     */
    private record Lost(JobID job, long checkpoint, String transaction, LongSupplier count) {
        String at(int distance) {
            return JobOnKafka.checkpoint(job, checkpoint + distance);
        }
    }

    /** Aborts a transaction from outside the job. */
    private interface Abort {
        void of(String transaction, Topics topics) throws Exception;
    }

    private static void awaitTimeout(String transaction, Topics topics) {
        await().atMost(TIMEOUT)
                .until(() -> states(topics).get(transaction), state -> state == TransactionState.COMPLETE_ABORT);
    }

    private static void fence(String transaction, Topics topics) throws Exception {
        topics.admin().fenceProducers(List.of(transaction)).all().get();
    }

    /** Delays the completion of a checkpoint until its transaction is aborted. */
    private static Lost loseTransaction(JobOnKafka job, Topics topics, Abort abort, String counter) throws Exception {
        DelaysCheckpoint.from(ALL);
        topics.sendRows();
        delaying(job).checkpointTimeoutAfterChecks(TIMEOUT).start(1);
        topics.sendTrades(0, BEFORE_LOSS);
        topics.awaitEnriched(BEFORE_LOSS);
        topics.sendTrades(BEFORE_LOSS, ALL);
        await().atMost(TIMEOUT).until(() -> DelaysCheckpoint.delayed > 0);
        long checkpoint = DelaysCheckpoint.delayed;
        String name = topics.prefix() + "enriched-trades-0-";
        // The writer opens the next transaction after it has prepared this one.
        await().atMost(TIMEOUT).until(() -> states(topics).containsKey(name + (checkpoint + 1)));
        abort.of(name + checkpoint, topics);
        LongSupplier count = job.counter(counter);
        DelaysCheckpoint.release();
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

    private static JobOnKafka delaying(JobOnKafka job) {
        return job.transformTrades(trades -> trades.map(new DelaysCheckpoint(), ModelTypes.SOURCE_RECORD)
                        .uid("delays-checkpoint"))
                .with(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofSeconds(5));
    }

    private static Map<String, String> settings(Topics topics) {
        Map<String, String> settings = topics.settings();
        settings.put("kafka.transaction.timeout", "6 s");
        return settings;
    }

    private static KafkaSink<EnrichedTrade> plainSink(Topics topics) {
        Properties properties = new Properties();
        properties.put("transaction.timeout.ms", "6000");
        return KafkaSink.<EnrichedTrade>builder()
                .setBootstrapServers(KAFKA.bootstrapServers())
                .setKafkaProducerConfig(properties)
                .setRecordSerializer(new ValueSerializer(topics.name("enriched-trades")))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(topics.prefix() + "enriched-trades")
                .build();
    }

    private static List<Long> allIds() {
        return LongStream.range(0, ALL).boxed().toList();
    }

    /** The message in the chain of causes that explains the loss. */
    private static String sentence(Throwable failure) {
        Predicate<Throwable> explains =
                cause -> cause.getMessage() != null && cause.getMessage().startsWith("Output for");
        return ExceptionUtils.findThrowable(failure, explains).orElseThrow().getMessage();
    }

    /** Blocks its snapshot of one checkpoint until it is released; the operators after it have made theirs. */
    private static final class DelaysCheckpoint
            implements MapFunction<SourceRecord, SourceRecord>, CheckpointedFunction {
        private static volatile int from;
        private static volatile long delayed;
        private static volatile CountDownLatch released = new CountDownLatch(0);

        private int passed;

        /** Delays the first checkpoint after so many records. */
        static void from(int records) {
            from = records;
            delayed = 0;
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
            if (passed >= from && delayed == 0) {
                delayed = context.getCheckpointId();
                released.await();
            }
        }

        @Override
        public void initializeState(FunctionInitializationContext context) {
            // It has no state.
        }
    }

    private static final class ValueSerializer implements KafkaRecordSerializationSchema<EnrichedTrade> {
        private final String topic;

        ValueSerializer(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(EnrichedTrade trade, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(topic, trade.value());
        }
    }
}
