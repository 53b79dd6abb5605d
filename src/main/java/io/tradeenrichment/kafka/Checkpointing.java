package io.tradeenrichment.kafka;

import io.tradeenrichment.config.SettingsException;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * How the cluster's checkpoints are set, as far as transactions depend on it.
 *
 * @param interval zero if there are none
 */
public record Checkpointing(Duration interval, Duration timeout) {

    public static Checkpointing of(StreamExecutionEnvironment environment) {
        var config = environment.getCheckpointConfig();
        return config.isCheckpointingEnabled()
                ? new Checkpointing(
                        Duration.ofMillis(config.getCheckpointInterval()),
                        Duration.ofMillis(config.getCheckpointTimeout()))
                : new Checkpointing(Duration.ZERO, Duration.ZERO);
    }

    /**
     * A transaction is open from one checkpoint to the end of the next. If its time runs out before, the broker aborts
     * what a checkpoint has promised, and the records are lost.
     *
     * @throws SettingsException if the two cannot go together
     */
    void check(KafkaConfig.Writing writing) {
        if (writing.delivery() != Delivery.EXACTLY_ONCE) {
            return;
        }
        String intervalKey = CheckpointingOptions.CHECKPOINTING_INTERVAL.key();
        if (interval.isZero()) {
            String key = KafkaOptions.DELIVERY.key();
            throw new SettingsException(
                    key,
                    key + " is exactly-once, which shows its output when a checkpoint is complete, but there are no"
                            + " checkpoints; set " + intervalKey + " for the cluster, or choose at-least-once");
        }
        Duration least = interval.plus(timeout);
        if (writing.transactionTimeout().compareTo(least) < 0) {
            String key = KafkaOptions.TRANSACTION_TIMEOUT.key();
            throw new SettingsException(
                    key,
                    key + " is " + writing.transactionTimeout().toMillis() + " ms, but a checkpoint may take "
                            + least.toMillis() + " ms (" + intervalKey + " and "
                            + CheckpointingOptions.CHECKPOINTING_TIMEOUT.key()
                            + " together), and a transaction that ends before it is lost; raise the one or lower the"
                            + " others");
        }
    }
}
