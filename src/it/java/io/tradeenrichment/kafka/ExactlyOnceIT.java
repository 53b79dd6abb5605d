package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.CommittedReader;
import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Topics;
import io.tradeenrichment.Workload;
import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.types.ModelTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The output of a job that fails between checkpoints, compared with the output that plain Java computes. */
class ExactlyOnceIT {
    private static final int TRADES = 60_000;
    private static final int FAILURES = 2;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    private static final AtomicInteger FAILED = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void writesEveryTradeOnceAcrossFailures() throws Exception {
        FAILED.set(0);
        Workload workload = new Workload(TRADES);
        try (Topics topics = new Topics(KAFKA).createAll()) {
            topics.send(workload.rows());
            try (JobOnKafka job = new JobOnKafka(topics.settings())
                            .restarting(FAILURES)
                            .transformTrades(stream -> stream.map(new FailsAfterCheckpoints(), ModelTypes.SOURCE_RECORD)
                                    .uid("fails"));
                    CommittedReader enriched = new CommittedReader(topics.consumer("enriched-trades"));
                    CommittedReader letters = new CommittedReader(topics.consumer("dead-letters"))) {
                job.start(2);
                List<SourceRecord> trades = workload.trades();
                try (var producer = topics.producer()) {
                    // Each stage ends with a checkpoint that covers it; the job fails in the next one.
                    int stage = trades.size() / (FAILURES + 1);
                    for (int i = 0; i < trades.size(); i++) {
                        if (i > 0 && i % stage == 0) {
                            int visible = workload.enriched(i);
                            producer.flush();
                            await().atMost(TIMEOUT).until(() -> enriched.count() >= visible);
                        }
                        producer.send(topics.record(trades.get(i)));
                    }
                }
                await().atMost(TIMEOUT).until(() -> enriched.count() >= workload.enriched());
                // A transaction that was already committed before the restart is not lost.
                assertThat(job.counter("failedCommittables").getAsLong()).isZero();
                assertThat(job.counter("transactionsLost").getAsLong()).isZero();
                job.stop(folder);

                Result result = workload.compare(topics.readAll("enriched-trades"), topics.readAll("dead-letters"));
                topics.awaitRead("enriched-trades", enriched);
                topics.awaitRead("dead-letters", letters);
                System.out.printf("Exactly once: %s, %d failures%n", result, FAILED.get());
                assertThat(FAILED).hasValue(FAILURES);
                assertThat(result).matches(Result::isExact);
                assertThat(workload.compare(enriched.records(), letters.records()))
                        .isEqualTo(result);
            }
        }
    }

    /** Throws a thousand trades after a checkpoint, {@link #FAILURES} times in all. */
    private static final class FailsAfterCheckpoints extends RichMapFunction<SourceRecord, SourceRecord>
            implements CheckpointListener {
        private int passed;
        private int sinceCheckpoint = -1;

        @Override
        public SourceRecord map(SourceRecord trade) {
            passed++;
            if (sinceCheckpoint >= 0 && ++sinceCheckpoint > 1_000) {
                sinceCheckpoint = -1;
                // Only one subtask of an attempt throws, so that each failure is one restart.
                int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
                if (attempt < FAILURES && FAILED.compareAndSet(attempt, attempt + 1)) {
                    throw new IllegalStateException("the failure of the test");
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
