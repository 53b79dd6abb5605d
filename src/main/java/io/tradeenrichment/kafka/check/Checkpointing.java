package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.Delivery;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
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
 * How the cluster brings the job back, as far as transactions depend on it.
 *
 * @param interval zero if there are none
 * @param retained how many complete ones are kept
 * @param outliveTheJob whether they are kept when the job has failed for good
 * @param besideMain whether the job may be running when its main is: a JobManager that takes an application over runs main
 *     anew, and Flink 2.2 starts the job beside it
 */
public record Checkpointing(
        Duration interval, Duration timeout, int retained, boolean outliveTheJob, boolean besideMain) {
    /** Part of the name of every main class of a JobManager in application mode. */
    private static final String APPLICATION = "ApplicationClusterEntry";

    /** The one that cannot be committed, the one before it, and one in case that one is damaged. */
    private static final int ENOUGH_RETAINED = 3;

    public static Checkpointing of(StreamExecutionEnvironment environment) {
        var config = environment.getCheckpointConfig();
        boolean enabled = config.isCheckpointingEnabled();
        return new Checkpointing(
                enabled ? Duration.ofMillis(config.getCheckpointInterval()) : Duration.ZERO,
                enabled ? Duration.ofMillis(config.getCheckpointTimeout()) : Duration.ZERO,
                environment.getConfiguration().get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS),
                config.getExternalizedCheckpointRetention()
                        != ExternalizedCheckpointRetention.NO_EXTERNALIZED_CHECKPOINTS,
                isApplication() && isHighlyAvailable(environment.getConfiguration()));
    }

    private static boolean isApplication() {
        return System.getProperty("sun.java.command", "").contains(APPLICATION);
    }

    private static boolean isHighlyAvailable(ReadableConfig cluster) {
        return !cluster.get(HighAvailabilityOptions.HA_MODE).equalsIgnoreCase("NONE");
    }

    /** What would make it hard to win back the output of a lost transaction; a sentence each. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (retained < ENOUGH_RETAINED) {
            warnings.add(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS.key() + " is " + retained
                    + ": if a transaction is lost, its output is written anew from the checkpoint before it, which will"
                    + " be gone; set it to " + ENOUGH_RETAINED + " or more.");
        }
        if (!outliveTheJob) {
            warnings.add(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION.key()
                    + " does not keep checkpoints: when the job fails for good, or is cancelled, all it could be restored"
                    + " from is deleted; set it to RETAIN_ON_CANCELLATION.");
        }
        return warnings;
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
                    key + " is " + DurationText.of(writing.transactionTimeout()) + ", but a checkpoint may take "
                            + DurationText.of(least) + " (" + intervalKey + " and "
                            + CheckpointingOptions.CHECKPOINTING_TIMEOUT.key()
                            + " together), and a transaction that ends before it is lost; raise the one or lower the"
                            + " others");
        }
    }
}
