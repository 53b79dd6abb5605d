package io.tradeenrichment.registry;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.schema.FeedSchemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The registry's part in starting the job or a command: checks the schemas of the feeds, and gets ids for output. */
public final class RegistrySetup {
    private final FeedSchemas writers;
    private final long enrichedTradeId;
    private final List<String> warnings;

    private RegistrySetup(FeedSchemas writers, long enrichedTradeId, List<String> warnings) {
        this.writers = writers;
        this.enrichedTradeId = enrichedTradeId;
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Checks that the job can read the newest schemas of its feeds, and registers or looks up the schema of the output.
     *
     * @param topics the topic of each feed
     * @param enrichedTrades the topic of the output
     * @throws io.tradeenrichment.settings.SettingsException with one sentence if the job could not run
     */
    public static RegistrySetup open(
            RegistryConfig config, JobSchemas schemas, Function<Feed, String> topics, String enrichedTrades)
            throws InterruptedException {
        var requests = new StartupRequests(config);
        List<String> warnings = new ArrayList<>();
        var check = new ReadabilityCheck(requests, schemas, warnings::add);
        Map<Feed, Subject> subjects = new HashMap<>();
        // Each context has ids of its own.
        Map<String, Map<Long, RegisteredSchema>> foundByContext = new HashMap<>();
        for (Feed feed : schemas.feeds()) {
            Subject subject = config.subjects().of(feed, topics.apply(feed));
            subjects.put(feed, subject);
            check.checkValues(feed, subject)
                    .ifPresent(newest -> foundByContext
                            .computeIfAbsent(subject.context(), context -> new HashMap<>())
                            .put(newest.id(), newest.schema()));
        }
        // Last, so that a job that cannot run registers nothing.
        long enrichedTradeId = new SchemaRegistration(requests, config.registration())
                .valueId(
                        config.subjects().ofEnrichedTrades(enrichedTrades),
                        schemas.enriched(),
                        RegistryOptions.ENRICHED_TRADES_SUBJECT);
        Map<Feed, WriterSchemas> writers = new HashMap<>();
        subjects.forEach((feed, subject) -> writers.put(
                feed,
                new RegistryWriterSchemas(config, subject, foundByContext.getOrDefault(subject.context(), Map.of()))));
        return new RegistrySetup(new ByFeed(writers), enrichedTradeId, warnings);
    }

    /** The schema id in the prefix of enriched trades. */
    public long enrichedTradeId() {
        return enrichedTradeId;
    }

    /** The writer schemas of each feed. Those found at start need no further request. */
    public FeedSchemas writers() {
        return writers;
    }

    /** Findings that do not keep the job from running, one sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Registers or looks up the schemas of the feeds, for a command that writes their records.
     *
     * @param topics the topic of each feed
     * @return the schema ids of the values
     * @throws io.tradeenrichment.settings.SettingsException if the registry returns no id
     */
    public static Map<Feed, Long> feedIds(RegistryConfig config, JobSchemas schemas, Function<Feed, String> topics)
            throws InterruptedException {
        var registration = new SchemaRegistration(new StartupRequests(config), config.registration());
        Map<Feed, Long> ids = new HashMap<>();
        for (Feed feed : schemas.feeds()) {
            Subject subject = config.subjects().of(feed, topics.apply(feed));
            ids.put(feed, registration.valueId(subject, schemas.of(feed), RegistryOptions.subjectOf(feed)));
        }
        return ids;
    }

    /** The writer schemas of enriched trades, for a command that reads them; sends no request yet. */
    public static WriterSchemas enrichedTrades(RegistryConfig config, String topic) {
        return new RegistryWriterSchemas(config, config.subjects().ofEnrichedTrades(topic), Map.of());
    }

    /** The writer schemas of trades, for a command that reads them; sends no request yet. */
    public static WriterSchemas trades(RegistryConfig config, String topic) {
        return new RegistryWriterSchemas(config, config.subjects().of(Feed.TRADES, topic), Map.of());
    }

    /**
     * Checks that the job can read the newest schemas of all keys in Avro.
     *
     * @param topics the topic of each feed
     * @return a warning for each subject that does not exist yet
     * @throws io.tradeenrichment.settings.SettingsException with one sentence if the job could not run
     */
    public static List<String> checkKeys(
            RegistryConfig config, JobSchemas schemas, KeyFormats keys, Function<Feed, String> topics)
            throws InterruptedException {
        List<String> warnings = new ArrayList<>();
        for (RowSchema row : schemas.rows()) {
            Dimension dimension = row.dimension();
            if (keys.of(dimension) == KeyFormat.AVRO) {
                new ReadabilityCheck(new StartupRequests(config), schemas, warnings::add)
                        .checkKeys(dimension, config.subjects().ofKeys(dimension, topics.apply(dimension.feed())));
            }
        }
        return warnings;
    }

    /**
     * Registers or looks up the schema of Avro keys, for a command that writes them.
     *
     * @return the schema id of the keys
     * @throws io.tradeenrichment.settings.SettingsException if the registry returns no id
     */
    public static long keyId(RegistryConfig config, RowSchema row, String topic) throws InterruptedException {
        return new SchemaRegistration(new StartupRequests(config), config.registration())
                .keyId(config.subjects().ofKeys(row.dimension(), topic), row.idType());
    }

    private record ByFeed(Map<Feed, WriterSchemas> writers) implements FeedSchemas {
        @Override
        public WriterSchemas of(Feed feed) {
            return Objects.requireNonNull(writers.get(feed));
        }
    }
}
