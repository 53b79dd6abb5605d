package io.tradeenrichment;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.junit.jupiter.api.Test;

/** Without transactions: seen at once, after a failure perhaps again, never lost. */
class AtLeastOnceIT {
    private static final long SEEN_BEFORE_THE_FAILURE = 500;
    private static final long ALL = 800;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void losesNothingAcrossAFailureAndRepeatsWhatFollowedTheLastCheckpoint() throws Exception {
        FailsOnce.FAILED.set(false);
        try (KafkaBroker broker = KafkaBroker.start();
                Topics topics = new Topics(broker).createAll()) {
            Map<String, String> settings = topics.settings();
            settings.remove("kafka.transactional-id-prefix");
            settings.put("kafka.delivery", "at-least-once");
            topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
            try (JobOnKafka job = new JobOnKafka(settings)
                    // No checkpoint before the failure: it begins anew from the first trade.
                    .with(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofDays(1))
                    .restarting(1)
                    .onTrades(trades -> trades.map(new FailsOnce(), ModelTypes.SOURCE_RECORD)
                            .uid("fails"))
                    .start(1)) {
                assertThat(job.warnings())
                        .contains("kafka.delivery is at-least-once: after a failure, the job writes the output since"
                                + " the last checkpoint again; consumers must recognize repetitions by the trade_id.");
                send(topics, 0, SEEN_BEFORE_THE_FAILURE);
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == SEEN_BEFORE_THE_FAILURE);
                send(topics, SEEN_BEFORE_THE_FAILURE, ALL);
                await().atMost(PATIENCE)
                        .until(() -> topics.committed("enriched-trades") == SEEN_BEFORE_THE_FAILURE + ALL);
                assertThat(FailsOnce.FAILED).isTrue();
            }
            Map<Long, Long> expected = new HashMap<>();
            LongStream.range(0, ALL).forEach(id -> expected.put(id, id < SEEN_BEFORE_THE_FAILURE ? 2L : 1L));
            assertThat(topics.readAll("enriched-trades").stream()
                            .map(record ->
                                    (Long) Samples.enriched(record.value(), 10).get("trade_id"))
                            .collect(groupingBy(id -> id, counting())))
                    .isEqualTo(expected);
            assertThat(topics.admin().listTransactions().all().get()).isEmpty();
        }
    }

    private static void send(Topics topics, long from, long to) {
        topics.send(LongStream.range(from, to)
                .mapToObj(id -> Samples.tradeRecord(id, 1, 1))
                .toList());
    }

    /** Throws at the first trade after those that are seen, before it is passed on. */
    private static final class FailsOnce implements MapFunction<SourceRecord, SourceRecord> {
        private static final AtomicBoolean FAILED = new AtomicBoolean();
        private long passed;

        @Override
        public SourceRecord map(SourceRecord trade) {
            passed++;
            if (passed > SEEN_BEFORE_THE_FAILURE && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("fails, as the test wants");
            }
            return trade;
        }
    }
}
