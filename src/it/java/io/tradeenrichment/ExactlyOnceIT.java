package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.Received;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.types.ModelTypes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job between topics of a real broker, failing in mid-stream, against a model in plain Java. */
class ExactlyOnceIT {
    private static final int TRADES = 60_000;
    private static final int INSTRUMENTS = 97;
    private static final int USERS = 89;
    private static final int FAILURES = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static KafkaBroker broker;
    private static final AtomicInteger FAILED = new AtomicInteger();

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
    void writesEveryTradeOnceAcrossFailures() throws Exception {
        FAILED.set(0);
        try (Topics topics = new Topics(broker).createAll()) {
            topics.send(rows());
            Map<Long, String> expected = new TreeMap<>();
            List<Received> trades = trades(expected);
            try (JobOnKafka job = new JobOnKafka(topics.settings())
                            .restarting(FAILURES)
                            .onTrades(stream -> stream.map(new FailsNowAndThen(), ModelTypes.RECEIVED)
                                    .uid("fails"));
                    AlwaysReading during = new AlwaysReading(topics.consumer("enriched-trades"))) {
                job.start(2);
                during.start();
                try (var producer = topics.producer(null)) {
                    // As fast as they are taken, so that the failures come in mid-stream.
                    for (int i = 0; i < trades.size(); i++) {
                        producer.send(topics.record(trades.get(i)));
                        if (i % 10_000 == 9_999) {
                            int sent = i / 2;
                            producer.flush();
                            await().atMost(PATIENCE).until(() -> during.count() > sent - 10_000);
                        }
                    }
                }
                await().atMost(PATIENCE).until(() -> during.count() >= expected.size());
                // Each restart finds transactions that were committed before the failure, which is no loss; were it
                // one,
                // there would be more restarts than the job is allowed.
                assertThat(job.counter("alreadyCommittedCommittables").getAsLong())
                        .isPositive();
                assertThat(job.counter("failedCommittables").getAsLong()).isZero();
                assertThat(job.counter("transactionsLost").getAsLong()).isZero();
                job.stop(folder);
                await().atMost(PATIENCE).until(during::hasReadAll);

                assertThat(FAILED).hasValue(FAILURES);
                Map<Long, String> afterwards = new TreeMap<>();
                List<Long> twice = new ArrayList<>();
                List<Long> withWrongKeyOrTime = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : topics.readAll("enriched-trades")) {
                    GenericRecord trade = enriched(record);
                    if (afterwards.put((Long) trade.get("trade_id"), describe(trade)) != null) {
                        twice.add((Long) trade.get("trade_id"));
                    }
                    long id = (Long) trade.get("trade_id");
                    if (ByteBuffer.wrap(record.key()).getLong() != (Long) trade.get("instrument_id")
                            || record.timestamp() != 5_000 + id) {
                        withWrongKeyOrTime.add(id);
                    }
                }
                assertThat(twice).isEmpty();
                assertThat(withWrongKeyOrTime).isEmpty();
                assertThat(afterwards).isEqualTo(expected);
                assertThat(during.ids()).doesNotHaveDuplicates();
                assertThat(new TreeSet<>(during.ids())).isEqualTo(expected.keySet());
                assertThat(topics.readAll("dead-letters").stream().map(ExactlyOnceIT::offsetOf))
                        .doesNotHaveDuplicates()
                        .hasSize(TRADES / 100);
                System.out.printf(
                        "Exactly once: %d trades sent, %d enriched, %d dead letters, %d failures, 0 lost, 0 doubled%n",
                        trades.size(), afterwards.size(), TRADES / 100, FAILED.get());
            }
        }
    }

    private static List<Received> rows() {
        List<Received> rows = new ArrayList<>();
        for (long id = 0; id < INSTRUMENTS; id++) {
            rows.add(Samples.stockRecord(id, 1_000_000, "T" + id));
        }
        for (long id = 0; id < USERS; id++) {
            rows.add(Samples.userRecord(id, 1_000_000, "user-" + id));
        }
        return rows;
    }

    /** Every hundredth is cut short, every fiftieth comes twice. */
    private static List<Received> trades(Map<Long, String> expected) {
        List<Received> trades = new ArrayList<>();
        for (long id = 0; id < TRADES; id++) {
            Received trade = Samples.tradeRecord(id, id % INSTRUMENTS, id % USERS);
            if (id % 100 == 7) {
                byte[] cut = java.util.Arrays.copyOf(trade.value(), trade.value().length - 1);
                trades.add(new Received(trade.feed(), 0, 0, trade.timestamp(), trade.key(), cut, trade.headers()));
                continue;
            }
            trades.add(trade);
            expected.put(id, "T" + id % INSTRUMENTS + " user-" + id % USERS);
            if (id % 50 == 3) {
                trades.add(trade);
            }
        }
        return trades;
    }

    private static GenericRecord enriched(ConsumerRecord<byte[], byte[]> record) {
        return Samples.enriched(record.value(), 10);
    }

    private static String describe(GenericRecord trade) {
        return trade.get("instrument") + " " + trade.get("user");
    }

    private static String offsetOf(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, "__connect.errors.partition") + "@" + header(letter, "__connect.errors.offset");
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** Reads what is committed, all the while. */
    private static final class AlwaysReading extends Thread implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final List<Long> ids = Collections.synchronizedList(new ArrayList<>());
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile long quietSince = System.nanoTime();

        AlwaysReading(KafkaConsumer<byte[], byte[]> consumer) {
            super("always-reading");
            this.consumer = consumer;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!closed.get()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    ids.add((Long) enriched(record).get("trade_id"));
                    quietSince = System.nanoTime();
                }
            }
            consumer.close();
        }

        int count() {
            return ids.size();
        }

        /** Nothing more came for a while, although everything is committed. */
        boolean hasReadAll() {
            return System.nanoTime() - quietSince > Duration.ofSeconds(2).toNanos();
        }

        List<Long> ids() {
            return ids;
        }

        @Override
        public void close() throws InterruptedException {
            closed.set(true);
            if (isAlive()) {
                join();
            }
        }
    }

    /** Throws some time after a checkpoint, until it has thrown as often as it should. */
    private static final class FailsNowAndThen extends RichMapFunction<Received, Received>
            implements CheckpointListener {
        private int passed;
        private int sinceCheckpoint = -1;

        @Override
        public Received map(Received trade) {
            passed++;
            if (sinceCheckpoint >= 0 && ++sinceCheckpoint > 1_000) {
                sinceCheckpoint = -1;
                // One subtask of each attempt: a failure is a restart.
                int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
                if (attempt < FAILURES && FAILED.compareAndSet(attempt, attempt + 1)) {
                    throw new IllegalStateException("fails, as the test wants");
                }
            }
            return trade;
        }

        @Override
        public void notifyCheckpointComplete(long id) {
            if (passed > 2_000 && sinceCheckpoint < 0) {
                sinceCheckpoint = 0;
            }
        }
    }
}
