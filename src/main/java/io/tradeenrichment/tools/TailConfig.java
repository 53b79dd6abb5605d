package io.tradeenrichment.tools;

import io.tradeenrichment.config.CheckedConfiguration;
import io.tradeenrichment.config.SettingsException;
import io.tradeenrichment.kafka.KafkaConfig;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/**
 * What is shown, complete and checked.
 *
 * @param last how many of each topic come first, if it begins with the last few
 * @param count 0 if there is no end
 */
record TailConfig(TailOptions.Shown shown, TailOptions.From from, int last, long count, TailOptions.Form form) {
    /** They are held in memory. */
    private static final int MOST = 100_000;

    /** @throws SettingsException if a value cannot be used */
    static TailConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return new TailConfig(
                checked.get(TailOptions.TOPICS),
                checked.get(TailOptions.FROM),
                checked.between(1, MOST, TailOptions.LAST),
                checked.atLeast(0, TailOptions.COUNT),
                checked.get(TailOptions.FORMAT));
    }

    /** The topics that are shown, each under the key that named it. */
    Map<String, String> topicsByKey(KafkaConfig.Topics topics) {
        Map<String, String> byKey = topics.byKey();
        byKey.values()
                .removeIf(topic -> !(topic.equals(topics.enrichedTrades()) && shown != TailOptions.Shown.DEAD_LETTERS)
                        && !(topic.equals(topics.deadLetters()) && shown != TailOptions.Shown.ENRICHED_TRADES));
        return byKey;
    }
}
