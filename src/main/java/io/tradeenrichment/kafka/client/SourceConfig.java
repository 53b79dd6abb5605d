package io.tradeenrichment.kafka.client;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the job's sources.
 *
 * @param startTimestamp milliseconds since 1970; null unless the mode is {@link StartupMode#TIMESTAMP}
 * @param partitionDiscovery the interval; zero turns discovery off
 * @param loadTimeout of the initial snapshot of the dimensions
 * @param acceptRecreated ids of recreated topics that a restored job may read
 */
public record SourceConfig(
        String groupId,
        StartupMode startupMode,
        @Nullable Long startTimestamp,
        Duration partitionDiscovery,
        Duration loadTimeout,
        Set<String> acceptRecreated)
        implements Serializable {
    private static final Duration MIN_LOAD_TIMEOUT = Duration.ofSeconds(1);

    static SourceConfig from(CheckedConfiguration checked) {
        StartupMode mode = checked.get(KafkaOptions.TRADES_START);
        return new SourceConfig(
                KafkaConfig.required(checked, KafkaOptions.GROUP_ID, "the consumer group's name"),
                mode,
                mode == StartupMode.TIMESTAMP ? startTimestamp(checked) : null,
                checked.duration(KafkaOptions.PARTITION_DISCOVERY_INTERVAL),
                checked.durationOfAtLeast(MIN_LOAD_TIMEOUT, KafkaOptions.DIMENSIONS_LOAD_TIMEOUT),
                acceptRecreated(checked));
    }

    private static long startTimestamp(CheckedConfiguration checked) {
        ConfigOption<String> option = KafkaOptions.TRADES_START_TIMESTAMP;
        String text = KafkaConfig.required(
                checked, option, "the timestamp of the first trade, for example 2026-11-02T09:30:00Z");
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new SettingsException(
                    option.key(),
                    option.key() + " is '" + text + "', which is not a timestamp such as 2026-11-02T09:30:00Z");
        }
    }

    private static Set<String> acceptRecreated(CheckedConfiguration checked) {
        Set<String> ids = new TreeSet<>();
        for (String id : checked.get(KafkaOptions.TOPICS_ACCEPT_RECREATED)) {
            try {
                ids.add(Uuid.fromString(id.strip()).toString());
            } catch (IllegalArgumentException e) {
                String key = KafkaOptions.TOPICS_ACCEPT_RECREATED.key();
                throw new SettingsException(
                        key,
                        key + " contains '" + id + "', which is not a topic id; kafka-topics.sh --describe shows the"
                                + " TopicId, and so does the job's error");
            }
        }
        return Set.copyOf(ids);
    }
}
