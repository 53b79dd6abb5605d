package io.tradeenrichment.registry;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** The subjects by role; null means the default, {@code <topic>-value}. */
record Subjects(
        @Nullable String trades,
        @Nullable String instruments,
        @Nullable String users,
        @Nullable String enrichedTrades) implements Serializable {

    static Subjects from(CheckedConfiguration checked) {
        return new Subjects(
                subject(checked, RegistryOptions.TRADES_SUBJECT),
                subject(checked, RegistryOptions.INSTRUMENTS_SUBJECT),
                subject(checked, RegistryOptions.USERS_SUBJECT),
                subject(checked, RegistryOptions.ENRICHED_TRADES_SUBJECT));
    }

    private static @Nullable String subject(CheckedConfiguration checked, ConfigOption<String> option) {
        String name = RegistryConfig.text(checked, option);
        if (name != null && (name.isEmpty() || !new Subject(name).isSingle())) {
            throw new SettingsException(
                    option.key(),
                    option.key() + " is '" + name
                            + "', which does not name a single subject; write it like trades-value,"
                            + " or like :.trading:trades-value for one in the context .trading");
        }
        return name;
    }

    Subject of(Feed feed, String topic) {
        return orDefault(
                switch (feed.title()) {
                    case "trades" -> trades;
                    case "instruments" -> instruments;
                    case "users" -> users;
                    default -> throw new IllegalArgumentException("no such feed: " + feed);
                },
                topic);
    }

    Subject ofEnrichedTrades(String topic) {
        return orDefault(enrichedTrades, topic);
    }

    /** The subject of a dimension's record keys, in the context of its values. */
    Subject ofKeys(Dimension dimension, String topic) {
        return of(dimension.feed(), topic).resolve(topic + "-key");
    }

    private static Subject orDefault(@Nullable String name, String topic) {
        return new Subject(name == null ? topic + "-value" : name);
    }
}
