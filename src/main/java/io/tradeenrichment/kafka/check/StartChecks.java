package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The checks of topics and transactions before the job is submitted. They find what would otherwise fail the running
 * job, again at every restart.
 */
public final class StartChecks {
    private StartChecks() {}

    /**
     * What the checks return if the job can run.
     *
     * @param maxDeadLetterSize of a dead letter alone in its batch, uncompressed, in bytes
     * @param warnings one sentence each
     */
    public record Result(int maxDeadLetterSize, List<String> warnings) {}

    /**
     * @param maxEnrichedSize of an enriched value, in bytes
     * @throws SettingsException if the job could not run; the sentence names the key or the topic
     */
    public static Result run(KafkaAdmin admin, KafkaConfig config, Checkpointing checkpointing, int maxEnrichedSize)
            throws InterruptedException {
        List<String> warnings = new ArrayList<>();
        TopicSettings settings =
                TopicSettings.lookUp(admin, Set.copyOf(config.topics().byKey().values()));
        new DimensionTopicsCheck(config.topics(), settings).run(warnings::add);
        new OutputTopicsCheck(config.topics(), settings).run(maxEnrichedSize);
        if (config.sink().isExactlyOnce()) {
            new TransactionTimeoutCheck(admin, config.sink()).run(warnings::add);
            new TransactionalIdCheck(admin, config).run(checkpointing, warnings::add);
            warnOfAcceptedLoss(config.sink().acceptLossUntil(), warnings);
            warnings.addAll(checkpointing.warnings());
        } else {
            warnings.add(
                    KafkaOptions.DELIVERY.key() + " is at-least-once: after a failure, the job writes the output since"
                            + " the last checkpoint again; consumers must recognize repetitions by the id of the trade.");
        }
        int maxDeadLetterSize = new DeadLetterSizeCheck(config, settings).run(warnings::add);
        return new Result(maxDeadLetterSize, List.copyOf(warnings));
    }

    private static void warnOfAcceptedLoss(long checkpoint, List<String> warnings) {
        if (checkpoint > 0) {
            warnings.add(
                    KafkaOptions.TRANSACTION_ACCEPT_LOSS_UNTIL.key() + " is " + checkpoint
                            + ": output up to that checkpoint may be lost; remove the setting once a later checkpoint is complete.");
        }
    }
}
