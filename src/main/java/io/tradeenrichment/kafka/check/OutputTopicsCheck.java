package io.tradeenrichment.kafka.check;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.RecordOverhead;
import io.tradeenrichment.settings.SettingsException;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;

/** The output topics must keep all records, and accept the timestamps and sizes of what the job writes. */
final class OutputTopicsCheck {
    private final KafkaConfig.Topics topics;
    private final TopicSettings settings;

    OutputTopicsCheck(KafkaConfig.Topics topics, TopicSettings settings) {
        this.topics = topics;
        this.settings = settings;
    }

    /** @param maxEnrichedSize of an enriched value, in bytes */
    void run(int maxEnrichedSize) {
        for (String topic : List.of(topics.enrichedTrades(), topics.deadLetters())) {
            requireNotCompacted(topic);
            if (settings.keepsTimestamps(topic)) {
                requireOldTimestamps(topic);
                requireFutureTimestamps(topic);
            }
        }
        requireEnrichedSize(maxEnrichedSize);
    }

    private void requireNotCompacted(String topic) {
        if (settings.text(topic, TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            String key = topics.keyOf(topic);
            throw new SettingsException(
                    key,
                    key + ": the topic " + topic
                            + " is compacted, which deletes all but the last record of each key; set "
                            + TopicConfig.CLEANUP_POLICY_CONFIG + " to delete");
        }
    }

    /** Output has the timestamp of its source record, however old. */
    private void requireOldTimestamps(String topic) {
        long limit = settings.number(topic, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
        if (limit != Long.MAX_VALUE) {
            String key = topics.keyOf(topic);
            throw new SettingsException(
                    key,
                    key + ": the topic " + topic + " rejects records older than "
                            + TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG + "=" + limit
                            + ", which would fail the job at every restart; remove that limit");
        }
    }

    private void requireFutureTimestamps(String topic) {
        long limit = settings.number(topic, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG);
        for (String source : topics.inputs()) {
            if (settings.keepsTimestamps(source)
                    && settings.number(source, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG) > limit) {
                String key = topics.keyOf(topic);
                throw new SettingsException(
                        key,
                        key + ": the topic " + topic + " rejects timestamps in the future that " + source
                                + " accepts, which would fail the job at every restart; set its "
                                + TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG + " to that of " + source);
            }
        }
    }

    private void requireEnrichedSize(int maxEnrichedSize) {
        String topic = topics.enrichedTrades();
        long limit = settings.maxMessageBytes(topic);
        if (maxEnrichedSize + (long) RecordOverhead.ENRICHED_TRADE > limit) {
            String key = JobOptions.WIRE_ENRICHED_MAX_SIZE.key();
            throw new SettingsException(
                    key,
                    key + " is " + maxEnrichedSize + " bytes, but the topic " + topic + " accepts records of at most "
                            + limit + " bytes (" + TopicConfig.MAX_MESSAGE_BYTES_CONFIG
                            + "), of which key and headers take "
                            + RecordOverhead.ENRICHED_TRADE + "; lower the one or raise the other");
        }
    }
}
