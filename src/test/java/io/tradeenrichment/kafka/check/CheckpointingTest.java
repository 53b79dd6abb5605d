package io.tradeenrichment.kafka.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.kafka.client.SinkConfig;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class CheckpointingTest {
    private static final SinkConfig TEN_MINUTES =
            new SinkConfig(DeliveryGuarantee.EXACTLY_ONCE, "p.", Duration.ofMinutes(10), 0);

    @Test
    void requiresATransactionTimeoutLongerThanACheckpoint() {
        assertThatCode(() -> checkpoints(Duration.ofMinutes(1), Duration.ofMinutes(9))
                        .requireFor(TEN_MINUTES))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> checkpoints(Duration.ofMillis(60_001), Duration.ofMinutes(9))
                        .requireFor(TEN_MINUTES))
                .withMessageContaining("kafka.transaction.timeout is 10 min, but a checkpoint may take 600001 ms");
    }

    @Test
    void requiresCheckpointsForExactlyOnce() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> checkpoints(Duration.ZERO, Duration.ZERO).requireFor(TEN_MINUTES))
                .withMessageContaining("kafka.delivery is exactly-once")
                .withMessageContaining("execution.checkpointing.interval");
    }

    @Test
    void requiresNothingForAtLeastOnce() {
        var writing = new SinkConfig(DeliveryGuarantee.AT_LEAST_ONCE, "", Duration.ofSeconds(1), 0);
        assertThatCode(() -> checkpoints(Duration.ZERO, Duration.ZERO).requireFor(writing))
                .doesNotThrowAnyException();
    }

    @Test
    void warnsIfFlinkKeepsTooFewCheckpoints() {
        assertThat(new Checkpointing(Duration.ofMinutes(1), Duration.ofMinutes(9), 3, true, false).warnings())
                .isEmpty();
        assertThat(new Checkpointing(Duration.ofMinutes(1), Duration.ofMinutes(9), 2, true, false).warnings())
                .singleElement()
                .asString()
                .startsWith("execution.checkpointing.num-retained is 2");
        assertThat(new Checkpointing(Duration.ofMinutes(1), Duration.ofMinutes(9), 3, false, false).warnings())
                .singleElement()
                .asString()
                .startsWith("execution.checkpointing.externalized-checkpoint-retention does not keep");
    }

    @Test
    void readsTheEnvironment() {
        Configuration cluster = new Configuration();
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        cluster.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(2));
        cluster.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 4);
        cluster.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        assertThat(Checkpointing.of(StreamExecutionEnvironment.getExecutionEnvironment(cluster)))
                .isEqualTo(new Checkpointing(Duration.ofSeconds(10), Duration.ofMinutes(2), 4, true, false));
        assertThat(Checkpointing.of(StreamExecutionEnvironment.getExecutionEnvironment(new Configuration())))
                .isEqualTo(new Checkpointing(Duration.ZERO, Duration.ZERO, 1, false, false));
    }

    private static Checkpointing checkpoints(Duration interval, Duration timeout) {
        return new Checkpointing(interval, timeout, 3, true, false);
    }
}
