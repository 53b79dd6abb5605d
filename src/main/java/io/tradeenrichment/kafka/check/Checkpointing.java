package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.kafka.client.SinkConfig;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The Flink cluster's checkpointing and recovery, as far as transactions depend on it.
 *
 * @param interval zero if checkpointing is off
 * @param retained the number of completed checkpoints that Flink keeps
 * @param retainedAfterEnd whether Flink keeps them when the job fails or is cancelled
 * @param mayRunBesideMain whether the job may already run while main does: after a failover in application mode, the
 *     new JobManager runs main again and recovers the job at the same time
 */
public record Checkpointing(
        Duration interval, Duration timeout, int retained, boolean retainedAfterEnd, boolean mayRunBesideMain) {
    /** Part of the name of each main class of a JobManager in application mode. */
    private static final String APPLICATION_MODE = "ApplicationClusterEntry";

    /** The checkpoint with the lost transaction, the one before it, and one in reserve. */
    private static final int MIN_RETAINED = 3;

    public static Checkpointing of(StreamExecutionEnvironment environment) {
        var config = environment.getCheckpointConfig();
        boolean enabled = config.isCheckpointingEnabled();
        return new Checkpointing(
                enabled ? Duration.ofMillis(config.getCheckpointInterval()) : Duration.ZERO,
                enabled ? Duration.ofMillis(config.getCheckpointTimeout()) : Duration.ZERO,
                environment.getConfiguration().get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS),
                config.getExternalizedCheckpointRetention()
                        != ExternalizedCheckpointRetention.NO_EXTERNALIZED_CHECKPOINTS,
                isApplicationMode() && isHighlyAvailable(environment.getConfiguration()));
    }

    private static boolean isApplicationMode() {
        return System.getProperty("sun.java.command", "").contains(APPLICATION_MODE);
    }

    private static boolean isHighlyAvailable(ReadableConfig cluster) {
        return !cluster.get(HighAvailabilityOptions.HA_MODE).equalsIgnoreCase("NONE");
    }

    /** Settings with which the output of a lost transaction could not be recovered; one sentence each. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (retained < MIN_RETAINED) {
            warnings.add(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS.key() + " is " + retained
                    + ": the output of a lost transaction is recovered from the checkpoint before it, which Flink will"
                    + " have deleted; set it to " + MIN_RETAINED + " or more.");
        }
        if (!retainedAfterEnd) {
            warnings.add(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION.key()
                    + " does not keep checkpoints: when the job fails or is cancelled, Flink deletes everything that it"
                    + " could be restored from; set it to RETAIN_ON_CANCELLATION.");
        }
        return warnings;
    }

    /**
     * A transaction is open from one checkpoint to the end of the next. If it times out before, the broker aborts it,
     * and the output of a completed checkpoint is lost.
     *
     * @throws SettingsException if the transaction timeout is too short, or without checkpoints
     */
    public void requireFor(SinkConfig sink) {
        if (!sink.isExactlyOnce()) {
            return;
        }
        String intervalKey = CheckpointingOptions.CHECKPOINTING_INTERVAL.key();
        if (interval.isZero()) {
            String key = KafkaOptions.DELIVERY.key();
            throw new SettingsException(
                    key,
                    key
                            + " is exactly-once, which commits output when a checkpoint completes, but checkpointing is off;"
                            + " set " + intervalKey + " for the cluster, or choose at-least-once");
        }
        Duration least = interval.plus(timeout);
        if (sink.transactionTimeout().compareTo(least) < 0) {
            String key = KafkaOptions.TRANSACTION_TIMEOUT.key();
            throw new SettingsException(
                    key,
                    key + " is " + DurationText.of(sink.transactionTimeout()) + ", but a checkpoint may take "
                            + DurationText.of(least) + " (" + intervalKey + " and "
                            + CheckpointingOptions.CHECKPOINTING_TIMEOUT.key()
                            + " together), and a transaction that times out earlier is lost; raise the one or lower the"
                            + " others");
        }
    }
}
