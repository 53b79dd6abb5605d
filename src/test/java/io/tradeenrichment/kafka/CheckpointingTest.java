package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.config.SettingsException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckpointingTest {
    private static final KafkaConfig.Writing TEN_MINUTES =
            new KafkaConfig.Writing(Delivery.EXACTLY_ONCE, "p.", Duration.ofMinutes(10), 0);

    @Test
    void aTransactionMustOutlastACheckpoint() {
        assertThatCode(() -> new Checkpointing(Duration.ofMinutes(1), Duration.ofMinutes(9)).check(TEN_MINUTES))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(
                        () -> new Checkpointing(Duration.ofMillis(60_001), Duration.ofMinutes(9)).check(TEN_MINUTES))
                .withMessageContaining("kafka.transaction.timeout is 600000 ms, but a checkpoint may take 600001 ms");
    }

    @Test
    void withoutCheckpointsNothingWouldEverBeSeen() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> new Checkpointing(Duration.ZERO, Duration.ZERO).check(TEN_MINUTES))
                .withMessageContaining("kafka.delivery is exactly-once")
                .withMessageContaining("execution.checkpointing.interval");
    }

    @Test
    void withoutTransactionsNoneCanBeTooShort() {
        var writing = new KafkaConfig.Writing(Delivery.AT_LEAST_ONCE, "", Duration.ofSeconds(1), 0);
        assertThatCode(() -> new Checkpointing(Duration.ZERO, Duration.ZERO).check(writing))
                .doesNotThrowAnyException();
    }
}
