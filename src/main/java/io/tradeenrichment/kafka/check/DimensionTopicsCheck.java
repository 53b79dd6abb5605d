package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.function.Consumer;
import org.apache.kafka.common.config.TopicConfig;

/** Retention must keep the current rows of a dimension, and compaction must not run ahead of the initial snapshot. */
final class DimensionTopicsCheck {
    private static final Duration MIN_LAG = KafkaConfig.Topics.MIN_COMPACTION_LAG;

    private final KafkaConfig.Topics topics;
    private final TopicSettings settings;

    DimensionTopicsCheck(KafkaConfig.Topics topics, TopicSettings settings) {
        this.topics = topics;
        this.settings = settings;
    }

    void run(Consumer<String> warnings) {
        for (String topic : new LinkedHashSet<>(topics.byDimension().values())) {
            requireCompacted(topic);
            warnOfEarlyCompaction(topic, warnings);
        }
    }

    private void requireCompacted(String topic) {
        String policy = settings.text(topic, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            String key = topics.keyOf(topic);
            throw new SettingsException(
                    key,
                    key + ": the topic " + topic + " has " + TopicConfig.CLEANUP_POLICY_CONFIG + "=" + policy
                            + ", which deletes current rows; set it to compact");
        }
    }

    private void warnOfEarlyCompaction(String topic, Consumer<String> warnings) {
        long lag = settings.number(topic, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG);
        if (lag < MIN_LAG.toMillis()) {
            warnings.accept("The topic " + topic + " has " + TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG + "=" + lag
                    + ": compaction during the initial load may hide a row from the first trades; set it to "
                    + MIN_LAG.toMillis() + " or more.");
        }
    }
}
