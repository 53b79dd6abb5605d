package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.AvroKeySchema;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.resolution.SchemaResolution;
import io.tradeenrichment.codec.schema.FeedSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.registry.RegistryApi.Newest;
import io.tradeenrichment.registry.RegistryException.Fault;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.SettingsException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/**
 * The job's schemas in the registry. Once opened, everything that can be checked beforehand has been: the newest schemas
 * of the feeds can be read, and the output's has an id.
 */
public final class RegistrySetup {
    private final RegistryConfig config;
    private final RegistryApi registry;
    private final long giveUpAt;
    private final Map<Feed, Subject> feeds = new EnumMap<>(Feed.class);
    /** By context, then by id: an id means nothing without its context. */
    private final Map<String, Map<Long, RegisteredSchema>> found = new HashMap<>();

    private final List<String> warnings = new ArrayList<>();
    private long enrichedTradeId;

    private RegistrySetup(RegistryConfig config) {
        this.config = config;
        this.giveUpAt = System.nanoTime() + config.checkTimeout().toNanos();
        try {
            this.registry = new RegistryApi(new RegistryClient(config));
        } catch (RegistryException e) {
            String key = config.tls().truststore() == null
                    ? RegistryOptions.KEYSTORE_FILE.key()
                    : RegistryOptions.TRUSTSTORE_FILE.key();
            throw new SettingsException(key, key + ": " + e.sentence());
        }
    }

    /**
     * Checks the settings against the registry, and registers or looks up the output's schema.
     *
     * @param topics the topic of each feed
     * @param enrichedTrades the topic of the output
     * @throws SettingsException with one sentence if the job could not run
     */
    public static RegistrySetup open(RegistryConfig config, Function<Feed, String> topics, String enrichedTrades)
            throws InterruptedException {
        var schemas = new RegistrySetup(config);
        RegistryConfig.Subjects subjects = config.subjects();
        schemas.check(Feed.TRADES, topics, subjects.trades(), RegistryOptions.TRADES_SUBJECT);
        schemas.check(Feed.INSTRUMENTS, topics, subjects.instruments(), RegistryOptions.INSTRUMENTS_SUBJECT);
        schemas.check(Feed.USERS, topics, subjects.users(), RegistryOptions.USERS_SUBJECT);
        // Last, so that nothing is registered for a job that is refused.
        schemas.enrichedTradeId = schemas.id(
                subject(subjects.enrichedTrades(), enrichedTrades),
                Schemas.ENRICHED_TRADE,
                RegistryOptions.ENRICHED_TRADES_SUBJECT);
        return schemas;
    }

    /**
     * Registers or looks up the feeds' own schemas, for who writes their records.
     *
     * @param topics the topic of each feed
     * @return the id that the framing of each feed carries
     * @throws SettingsException with one sentence if one has got no id
     */
    public static Map<Feed, Long> feedIds(RegistryConfig config, Function<Feed, String> topics)
            throws InterruptedException {
        var schemas = new RegistrySetup(config);
        RegistryConfig.Subjects subjects = config.subjects();
        Map<Feed, Long> ids = new EnumMap<>(Feed.class);
        for (Feed feed : Feed.values()) {
            String given = switch (feed) {
                case TRADES -> subjects.trades();
                case INSTRUMENTS -> subjects.instruments();
                case USERS -> subjects.users();
            };
            ConfigOption<String> option = switch (feed) {
                case TRADES -> RegistryOptions.TRADES_SUBJECT;
                case INSTRUMENTS -> RegistryOptions.INSTRUMENTS_SUBJECT;
                case USERS -> RegistryOptions.USERS_SUBJECT;
            };
            ids.put(feed, schemas.id(subject(given, topics.apply(feed)), Schemas.of(feed), option));
        }
        return ids;
    }

    /**
     * The schemas that enriched trades are written with, for who only reads them; nothing is asked before a record names it.
     *
     * @param topic of the enriched trades
     */
    public static WriterSchemas enrichedTrades(RegistryConfig config, String topic) {
        return new RegistryWriterSchemas(config, subject(config.subjects().enrichedTrades(), topic), Map.of());
    }

    /** Likewise those of trades. */
    public static WriterSchemas trades(RegistryConfig config, String topic) {
        return new RegistryWriterSchemas(config, subject(config.subjects().trades(), topic), Map.of());
    }

    /**
     * Checks that the job can read the newest schema of each dimension's keys that are in Avro.
     *
     * @param topics the topic of each feed
     * @return a warning for each subject that does not exist yet
     * @throws SettingsException with one sentence if the job could not run
     */
    public static List<String> checkKeys(RegistryConfig config, KeyFormats keys, Function<Feed, String> topics)
            throws InterruptedException {
        List<String> warnings = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            if (keys.of(dimension) == KeyFormat.AVRO) {
                new RegistrySetup(config)
                        .checkKey(dimension, keySubject(config, dimension, topics.apply(dimension.feed())), warnings);
            }
        }
        return warnings;
    }

    /**
     * Registers or looks up the schema of Avro keys, for who writes records of this topic.
     *
     * @return the id that the framing of each key carries
     * @throws SettingsException with one sentence if it has got no id
     */
    public static long keyId(RegistryConfig config, Dimension dimension, String topic) throws InterruptedException {
        return new RegistrySetup(config).keyId(keySubject(config, dimension, topic));
    }

    /** The id that the output's framing carries. */
    public long enrichedTradeId() {
        return enrichedTradeId;
    }

    /** All that the registry knows or will know of each feed; what was found at start without asking. */
    public FeedSchemas writers() {
        Map<Feed, WriterSchemas> byFeed = new EnumMap<>(Feed.class);
        feeds.forEach((feed, subject) -> byFeed.put(
                feed, new RegistryWriterSchemas(config, subject, found.getOrDefault(subject.context(), Map.of()))));
        return new OfFeeds(byFeed);
    }

    private record OfFeeds(Map<Feed, WriterSchemas> byFeed) implements FeedSchemas {
        @Override
        public WriterSchemas of(Feed feed) {
            return Objects.requireNonNull(byFeed.get(feed));
        }
    }

    /** What was found that does not stop the job, but that someone should know; a sentence each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private static Subject subject(@Nullable String given, String topic) {
        return new Subject(given == null ? topic + "-value" : given);
    }

    private void check(Feed feed, Function<Feed, String> topics, @Nullable String given, ConfigOption<String> option)
            throws InterruptedException {
        Subject subject = subject(given, topics.apply(feed));
        feeds.put(feed, subject);
        try {
            Optional<Newest> newest = answer(() -> registry.newest(subject));
            if (newest.isEmpty()) {
                warnings.add(
                        "The registry has no subject " + subject + " yet, so whether the job can read its records is "
                                + "not known before they come; " + option.key() + " names another subject.");
                return;
            }
            RegisteredSchema text = newest.get().text();
            SchemaResolution.between(text.parse("the newest schema under the subject " + subject), Schemas.of(feed));
            found.computeIfAbsent(subject.context(), any -> new HashMap<>())
                    .put(newest.get().id(), text);
        } catch (DecodeException refusal) {
            throw new SettingsException(
                    option.key(),
                    option.key() + ": the job cannot read what is written with the newest schema under the subject "
                            + subject + ": " + refusal.sentence()
                            + "; correct that schema, or name another subject");
        } catch (RegistryException e) {
            throw refused("the subject " + subject + " cannot be looked up", e);
        }
    }

    private long id(Subject subject, Schema schema, ConfigOption<String> option) throws InterruptedException {
        boolean register = config.registration() == RegistrationMode.REGISTER;
        String registerKey = RegistryOptions.REGISTER.key();
        try {
            return register
                    ? answer(() -> registry.register(subject, schema))
                    : answer(() -> lookedUp(subject, schema));
        } catch (RegistryException e) {
            if (e.fault() == Fault.MISSING && !register) {
                throw new SettingsException(
                        registerKey,
                        registerKey + " is look-up, but the job's schema does not stand under the subject " + subject
                                + "; register " + schema.getName() + ".avsc there, or set " + registerKey
                                + " to register");
            }
            if (e.fault() == Fault.REFUSED && register) {
                throw new SettingsException(
                        registerKey,
                        registerKey + ": the registry does not take the job's schema under the subject " + subject
                                + " (" + e.sentence() + "); let the subject's compatibility allow it, or name another"
                                + " subject by " + option.key());
            }
            throw refused("the schema of the subject " + subject + " has got no id", e);
        } catch (DecodeException refusal) {
            throw new SettingsException(registerKey, registerKey + ": " + refusal.sentence());
        }
    }

    /** In the context of the values' subject. */
    private static Subject keySubject(RegistryConfig config, Dimension dimension, String topic) {
        String given = dimension == Dimension.INSTRUMENT
                ? config.subjects().instruments()
                : config.subjects().users();
        return subject(given, topic).referred(topic + "-key");
    }

    private void checkKey(Dimension dimension, Subject subject, List<String> warnings) throws InterruptedException {
        String setting = "dimensions." + dimension.title() + ".key-format";
        try {
            Optional<Newest> newest = answer(() -> registry.newest(subject));
            if (newest.isEmpty()) {
                warnings.add("The registry has no subject " + subject + " yet, so whether the job can read the keys of "
                        + dimension.title() + " records is not known before they come.");
                return;
            }
            AvroKeySchema.of(newest.get().text().parse("the newest schema under the subject " + subject), dimension);
        } catch (DecodeException refusal) {
            throw new SettingsException(
                    setting,
                    setting + " is avro, but the newest schema under the subject " + subject + " does not hold the "
                            + dimension.title() + "_id: " + refusal.sentence()
                            + "; correct that schema, or set the format that the keys have");
        } catch (RegistryException e) {
            throw refused("the subject " + subject + " cannot be looked up", e);
        }
    }

    private long keyId(Subject subject) throws InterruptedException {
        boolean register = config.registration() == RegistrationMode.REGISTER;
        String registerKey = RegistryOptions.REGISTER.key();
        try {
            return register
                    ? answer(() -> registry.register(subject, KeyWriter.AVRO_SCHEMA))
                    : answer(() -> lookedUp(subject, KeyWriter.AVRO_SCHEMA));
        } catch (RegistryException e) {
            if (e.fault() == Fault.MISSING && !register) {
                throw new SettingsException(
                        registerKey,
                        registerKey + " is look-up, but the subject " + subject + " does not have the schema "
                                + KeyWriter.AVRO_SCHEMA + "; register it there, or set " + registerKey
                                + " to register");
            }
            if (e.fault() == Fault.REFUSED && register) {
                throw new SettingsException(
                        registerKey,
                        registerKey + ": the registry does not take the schema " + KeyWriter.AVRO_SCHEMA
                                + " under the subject " + subject + " (" + e.sentence()
                                + "); let the subject's compatibility allow it, or write keys of another format");
            }
            throw refused("the schema of the subject " + subject + " has got no id", e);
        } catch (DecodeException refusal) {
            throw new SettingsException(registerKey, registerKey + ": " + refusal.sentence());
        }
    }

    /** Some registries compare the texts of schemas only, so the newest is looked at as well. */
    private long lookedUp(Subject subject, Schema schema)
            throws RegistryException, DecodeException, InterruptedException {
        try {
            return registry.lookUp(subject, schema);
        } catch (RegistryException e) {
            Optional<Newest> newest = e.fault() == Fault.MISSING ? registry.newest(subject) : Optional.empty();
            if (newest.isPresent()
                    && newest.get()
                            .text()
                            .parse("the newest schema under the subject " + subject)
                            .equals(schema)) {
                return newest.get().id();
            }
            throw e;
        }
    }

    /** Asks until there is an answer, or the time is up. */
    private <T> T answer(Question<T> question) throws RegistryException, DecodeException, InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return question.ask();
            } catch (RegistryException e) {
                if (e.fault() != Fault.NO_ANSWER || System.nanoTime() - giveUpAt > 0) {
                    throw e;
                }
            }
            backoff.pause();
        }
    }

    private SettingsException refused(String what, RegistryException e) {
        if (e.fault() == Fault.DENIED) {
            String user = RegistryOptions.USER.key();
            return new SettingsException(
                    user,
                    user + ": " + what + ", " + e.sentence()
                            + (config.login() == null
                                    ? "; set " + user + " and " + RegistryOptions.PASSWORD_FILE.key()
                                    : "; check the user, the password and what the user may do"));
        }
        String key = RegistryOptions.URL.key();
        return new SettingsException(
                key,
                key + ": " + what
                        + (e.fault() == Fault.NO_ANSWER
                                ? " within " + RegistryOptions.CHECK_TIMEOUT.key() + " ("
                                        + DurationText.of(config.checkTimeout()) + ")"
                                : "")
                        + ", " + e.sentence());
    }

    private interface Question<T> {
        T ask() throws RegistryException, DecodeException, InterruptedException;
    }
}
