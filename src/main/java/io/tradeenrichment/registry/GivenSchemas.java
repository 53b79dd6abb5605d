package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.config.DimensionConfig;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.config.SchemaSource;
import io.tradeenrichment.config.TradeConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.registry.RegistryApi.Newest;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads the schemas that the settings name: those of the jar, schema files, or the newest ones of a registry. The job keeps
 * the schemas that it was submitted with.
 */
public final class GivenSchemas {
    private final Function<Feed, String> topics;
    private final @Nullable RegistryConfig registry;
    private @Nullable StartupRequests requests;

    private GivenSchemas(@Nullable RegistryConfig registry, Function<Feed, String> topics) {
        this.registry = registry;
        this.topics = topics;
    }

    /**
     * Sends requests only if a schema is in the registry.
     *
     * @param topics the topic of each feed
     * @throws SettingsException with one sentence if a schema cannot be read, or does not fit the settings
     */
    public static JobSchemas read(JobConfig job, Optional<RegistryConfig> registry, Function<Feed, String> topics)
            throws InterruptedException {
        var given = new GivenSchemas(registry.orElse(null), topics);
        List<DimensionConfig> dimensions = job.dimensions().list();
        TradeSchema trade = given.trade(job.wire().trade(), dimensions);
        List<RowSchema> rows = new ArrayList<>();
        for (DimensionConfig dimension : dimensions) {
            rows.add(given.row(dimension));
        }
        for (RowSchema row : rows) {
            named(JobOptions.DIMENSIONS_KEY_FORMAT.of(row.dimension().name()), () -> {
                job.wire().keys().check(row);
                return row;
            });
        }
        return named(JobOptions.WIRE_TRADE_SCHEMA, () -> new JobSchemas(trade, rows));
    }

    private TradeSchema trade(TradeConfig config, List<DimensionConfig> dimensions) throws InterruptedException {
        Schema schema = schema(config.schema(), Feed.TRADES, Schemas.TRADE, JobOptions.WIRE_TRADE_SCHEMA);
        FieldPath id = named(JobOptions.WIRE_TRADE_ID, () -> {
            FieldPath path = FieldPath.of(config.tradeId());
            TradeSchema.checkId(schema, path);
            return path;
        });
        FieldPath time = named(JobOptions.WIRE_TRADE_TIME, () -> {
            FieldPath path = FieldPath.of(config.tradeTime());
            TradeSchema.checkTime(schema, path);
            return path;
        });
        List<FieldPath> fields = new ArrayList<>();
        for (DimensionConfig dimension : dimensions) {
            fields.add(
                    named(JobOptions.DIMENSIONS_FIELD.of(dimension.dimension().name()), () -> {
                        FieldPath path = FieldPath.of(dimension.field());
                        TradeSchema.checkId(schema, path);
                        return path;
                    }));
        }
        return named(JobOptions.WIRE_TRADE_SCHEMA, () -> new TradeSchema(schema, id, time, fields));
    }

    private RowSchema row(DimensionConfig config) throws InterruptedException {
        Dimension dimension = config.dimension();
        ConfigOption<String> option = JobOptions.DIMENSIONS_SCHEMA.of(dimension.name());
        Schema bundled = dimension.equals(Dimension.INSTRUMENT) ? Schemas.INSTRUMENT : Schemas.USER;
        Schema schema = schema(config.schema(), dimension.feed(), bundled, option);
        return named(option, () -> {
            List<String> texts = config.columns();
            List<Column> columns = texts == null
                    ? RowSchema.defaultColumns(dimension, schema, config.id())
                    : texts.stream().map(text -> Column.of(text, dimension)).toList();
            return new RowSchema(dimension, schema, config.id(), config.validFrom(), columns);
        });
    }

    private Schema schema(SchemaSource source, Feed feed, Schema bundled, ConfigOption<String> option)
            throws InterruptedException {
        return switch (source.origin()) {
            case BUNDLED -> bundled;
            case FILE -> SchemaFiles.readOne(String.valueOf(source.file()), option.key());
            case REGISTRY -> newest(feed, option);
        };
    }

    private Schema newest(Feed feed, ConfigOption<String> option) throws InterruptedException {
        RegistryConfig config = registry;
        if (config == null) {
            throw new SettingsException(
                    option.key(),
                    option.key() + " is registry, but " + RegistryOptions.URL.key() + " is not set; set it to the"
                            + " address of the registry, or give a schema file");
        }
        if (requests == null) {
            requests = new StartupRequests(config);
        }
        Subject subject = config.subjects().of(feed, topics.apply(feed));
        try {
            Newest newest = requests.newest(subject)
                    .orElseThrow(() -> new SettingsException(
                            option.key(),
                            option.key() + " is registry, but the registry has no subject " + subject
                                    + "; register the schema there, or name another subject with "
                                    + RegistryOptions.subjectOf(feed).key()));
            // Strictly, as the job parses it from its graph: the output repeats its names.
            return Schemas.parseStrictly(
                    newest.parse(subject).toString(), "the newest schema under the subject " + subject);
        } catch (DecodeException e) {
            throw new SettingsException(
                    option.key(),
                    option.key() + " is registry, but the newest schema under the subject " + subject
                            + " cannot be used: " + e.sentence());
        } catch (IllegalArgumentException e) {
            throw new SettingsException(option.key(), option.key() + " is registry, but " + Failures.message(e));
        }
    }

    /** Adds the key of the setting to an error. */
    private static <T> T named(ConfigOption<?> option, Supplier<T> checked) {
        try {
            return checked.get();
        } catch (IllegalArgumentException e) {
            String sentence = Failures.message(e);
            boolean hasKey = sentence.startsWith(option.key() + " ");
            throw new SettingsException(option.key(), hasKey ? sentence : option.key() + ": " + sentence);
        }
    }
}
