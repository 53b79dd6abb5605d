package io.tradeenrichment.cli.tools;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@code tail}, complete and checked.
 *
 * @param since the time to start at instead of {@code from}; null if not set
 * @param tradeId null to print every record
 * @param last the number of records of each topic to start with, if {@code from} is LAST
 * @param count 0 for no limit
 */
record TailConfig(
        TailOptions.Shown shown,
        TailOptions.From from,
        @Nullable Instant since,
        @Nullable String tradeId,
        int last,
        long count,
        TailOptions.Form form) {
    /** The records are held in memory. */
    private static final int MOST = 100_000;

    /** @throws SettingsException if a value cannot be used */
    static TailConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return new TailConfig(
                checked.get(TailOptions.TOPICS),
                from(checked),
                checked.isSet(TailOptions.SINCE) ? since(checked) : null,
                checked.isSet(TailOptions.TRADE_ID)
                        ? checked.get(TailOptions.TRADE_ID).strip()
                        : null,
                checked.between(1, MOST, TailOptions.LAST),
                checked.atLeast(0, TailOptions.COUNT),
                checked.get(TailOptions.FORMAT));
    }

    /** A search for one trade starts at the beginning by default. */
    private static TailOptions.From from(CheckedConfiguration checked) {
        boolean isSearch = checked.isSet(TailOptions.TRADE_ID) && !checked.isSet(TailOptions.FROM);
        return isSearch ? TailOptions.From.BEGINNING : checked.get(TailOptions.FROM);
    }

    private static Instant since(CheckedConfiguration checked) {
        String key = TailOptions.SINCE.key();
        if (checked.isSet(TailOptions.FROM)) {
            throw new SettingsException(
                    key, key + " and " + TailOptions.FROM.key() + " both set the start; leave one of them out");
        }
        String text = checked.get(TailOptions.SINCE).strip();
        try {
            Instant since = Instant.parse(text);
            if (since.toEpochMilli() >= 0) {
                return since;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // The same sentence as for a time before 1970.
        }
        throw new SettingsException(
                key, key + " is '" + text + "', but takes a time since 1970 such as 2026-11-02T09:30:00Z");
    }

    /** The topics to print, by the key of the setting that names them. */
    Map<String, String> topicsByKey(KafkaConfig.Topics topics) {
        Map<String, String> byKey = topics.byKey();
        byKey.values()
                .removeIf(topic -> !(topic.equals(topics.enrichedTrades()) && shown != TailOptions.Shown.DEAD_LETTERS)
                        && !(topic.equals(topics.deadLetters()) && shown != TailOptions.Shown.ENRICHED_TRADES));
        return byKey;
    }
}
