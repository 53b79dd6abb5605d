package io.tradeenrichment.registry;

import io.tradeenrichment.config.DimensionConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/**
 * The subjects that the settings name; another subject is the default, {@code <topic>-value}.
 *
 * @param enrichedTrades null means the default
 */
record Subjects(Map<Feed, String> feeds, @Nullable String enrichedTrades) implements Serializable {
    Subjects {
        feeds = Map.copyOf(feeds);
    }

    static Subjects from(CheckedConfiguration checked) {
        Map<Feed, String> subjects = new HashMap<>();
        Stream<Feed> dimensions = DimensionConfig.dimensions(checked).stream().map(Dimension::feed);
        Stream.concat(Stream.of(Feed.TRADES), dimensions).forEach(feed -> {
            String name = subject(checked, RegistryOptions.subjectOf(feed));
            if (name != null) {
                subjects.put(feed, name);
            }
        });
        return new Subjects(subjects, subject(checked, RegistryOptions.ENRICHED_TRADES_SUBJECT));
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
        return orDefault(feeds.get(feed), topic);
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
