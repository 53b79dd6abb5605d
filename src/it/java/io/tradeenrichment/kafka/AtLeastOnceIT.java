package io.tradeenrichment.kafka;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Topics;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without transactions output is visible at once; after a failure trades may be written again, and none is lost. */
class AtLeastOnceIT {
    private static final long BEFORE_FAILURE = 500;
    private static final long ALL = 800;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @Test
    void afterAFailureRepeatsWhatFollowedTheLastCheckpointAndLosesNothing() throws Exception {
        FailsOnce.FAILED.set(false);
        try (Topics topics = new Topics(KAFKA).createAll()) {
            Map<String, String> settings = topics.settings();
            settings.remove("kafka.transactional-id-prefix");
            settings.put("kafka.delivery", "at-least-once");
            Set<String> transactionsBefore = transactions(topics);
            topics.sendRows();
            try (JobOnKafka job = new JobOnKafka(settings)
                    // Without a checkpoint the job restarts from the first trade.
                    .with(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofDays(1))
                    .restarting(1)
                    .transformTrades(trades -> trades.map(new FailsOnce(), ModelTypes.SOURCE_RECORD)
                            .uid("fails"))
                    .start(1)) {
                assertThat(job.warnings())
                        .contains(
                                "kafka.delivery is at-least-once: after a failure, the job writes the output since the last"
                                        + " checkpoint again; consumers must recognize repetitions by the id of the trade.");
                topics.sendTrades(0, BEFORE_FAILURE);
                topics.awaitEnriched(BEFORE_FAILURE);
                topics.sendTrades(BEFORE_FAILURE, ALL);
                topics.awaitEnriched(BEFORE_FAILURE + ALL);
                assertThat(FailsOnce.FAILED).isTrue();
            }
            Map<Long, Long> expected = new HashMap<>();
            LongStream.range(0, ALL).forEach(id -> expected.put(id, id < BEFORE_FAILURE ? 2L : 1L));
            assertThat(topics.enrichedIds().stream().collect(groupingBy(id -> id, counting())))
                    .isEqualTo(expected);
            assertThat(transactions(topics)).isEqualTo(transactionsBefore);
        }
    }

    private static Set<String> transactions(Topics topics) throws Exception {
        return topics.admin().listTransactions().all().get().stream()
                .map(TransactionListing::transactionalId)
                .collect(toSet());
    }

    /** Throws once, at the first trade after {@link #BEFORE_FAILURE}. */
    private static final class FailsOnce implements MapFunction<SourceRecord, SourceRecord> {
        private static final AtomicBoolean FAILED = new AtomicBoolean();
        private long passed;

        @Override
        public SourceRecord map(SourceRecord trade) {
            passed++;
            if (passed > BEFORE_FAILURE && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("the failure of the test");
            }
            return trade;
        }
    }
}
