package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.types.ModelTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job between topics of a real broker, failing in mid-stream, against a model in plain Java. */
class ExactlyOnceIT {
    private static final int TRADES = 60_000;
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
        Workload workload = new Workload(TRADES);
        try (Topics topics = new Topics(broker).createAll()) {
            topics.send(workload.rows());
            try (JobOnKafka job = new JobOnKafka(topics.settings())
                            .restarting(FAILURES)
                            .onTrades(stream -> stream.map(new FailsNowAndThen(), ModelTypes.SOURCE_RECORD)
                                    .uid("fails"));
                    AlwaysReading enriched = new AlwaysReading(topics.consumer("enriched-trades"));
                    AlwaysReading letters = new AlwaysReading(topics.consumer("dead-letters"))) {
                job.start(2);
                List<SourceRecord> trades = workload.trades();
                try (var producer = topics.producer(null)) {
                    // Each stage ends in a checkpoint of all of it, and the next one fails some time after that.
                    int stage = trades.size() / (FAILURES + 1);
                    for (int i = 0; i < trades.size(); i++) {
                        if (i > 0 && i % stage == 0) {
                            int visible = workload.enriched(i);
                            producer.flush();
                            await().atMost(PATIENCE).until(() -> enriched.count() >= visible);
                        }
                        producer.send(topics.record(trades.get(i)));
                    }
                }
                await().atMost(PATIENCE).until(() -> enriched.count() >= workload.enriched());
                // A restart may find transactions that were committed before the failure: that is no loss.
                assertThat(job.counter("failedCommittables").getAsLong()).isZero();
                assertThat(job.counter("transactionsLost").getAsLong()).isZero();
                job.stop(folder);

                Verdict afterwards = workload.judge(topics.readAll("enriched-trades"), topics.readAll("dead-letters"));
                topics.awaitRead("enriched-trades", enriched);
                topics.awaitRead("dead-letters", letters);
                System.out.printf("Exactly once: %s, %d failures%n", afterwards, FAILED.get());
                assertThat(FAILED).hasValue(FAILURES);
                assertThat(afterwards).matches(Verdict::isExact);
                assertThat(workload.judge(enriched.records(), letters.records()))
                        .isEqualTo(afterwards);
            }
        }
    }

    /** Throws some time after a checkpoint, until it has thrown as often as it should. */
    private static final class FailsNowAndThen extends RichMapFunction<SourceRecord, SourceRecord>
            implements CheckpointListener {
        private int passed;
        private int sinceCheckpoint = -1;

        @Override
        public SourceRecord map(SourceRecord trade) {
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
