package io.tradeenrichment.cli.tools;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.market.FramingPrefixes;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistrySetup;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.util.List;
import java.util.Optional;

/** The framing of the records that the commands send, and the schemas of those that they print. */
record TopicFormats(
        JobConfig.Wire config, JobSchemas schemas, List<String> writerSchemas, Optional<RegistryConfig> registry) {

    /** @throws io.tradeenrichment.settings.SettingsException if a value, or two together, cannot be used */
    static TopicFormats of(Settings settings, JobSchemas schemas) {
        JobConfig.Wire config = settings.bind(JobConfig.Wire::from);
        return new TopicFormats(
                config,
                schemas,
                settings.withOrigin(() -> SchemaFiles.read(config.writerSchemaFiles(), schemas)),
                settings.bind(RegistryConfig::from));
    }

    /** The bytes before the datum of each generated record; the schema ids come from the registry, if there is one. */
    FramingPrefixes prefixes(KafkaConfig.Topics topics) throws InterruptedException {
        if (registry.isEmpty()) {
            return FramingPrefixes.singleObject(schemas);
        }
        return new FramingPrefixes(config.framing(), RegistrySetup.feedIds(registry.get(), schemas, topics::of));
    }

    /** Writes the keys of a dimension; the schema id of an Avro key comes from the registry, if there is one. */
    KeyWriter keys(Dimension dimension, KafkaConfig.Topics topics) throws InterruptedException {
        KeyFormat format = config.keys().of(dimension);
        RowSchema row = schemas.row(dimension);
        return registry.isEmpty() || format != KeyFormat.AVRO
                ? KeyWriter.singleObject(format, row.idType())
                : new KeyWriter(
                        format,
                        config.framing().prefix(RegistrySetup.keyId(registry.get(), row, topics.of(dimension))));
    }

    /** Reads enriched trades of any length. */
    DatumReader enrichedTrades(KafkaConfig.Topics topics) {
        WriterSchemas writers = registry.map(config -> RegistrySetup.enrichedTrades(config, topics.enrichedTrades()))
                .orElseGet(this::byFingerprint);
        return new DatumReader(config.framing(), writers, schemas.enriched(), Integer.MAX_VALUE);
    }

    /**
     * Searches enriched trades and dead letters for one trade.
     *
     * @throws SettingsException if a trade cannot have this id
     */
    TradeSearch search(String tradeId, KafkaConfig.Topics topics) {
        if (!schemas.trade().isTextTradeId()) {
            requireNumber(tradeId);
        }
        WriterSchemas writers = registry.map(config -> RegistrySetup.trades(config, topics.trades()))
                .orElseGet(this::byFingerprint);
        return new TradeSearch(
                tradeId,
                topics,
                schemas,
                schema -> schema.equals(schemas.enriched())
                        ? enrichedTrades(topics)
                        : new DatumReader(config.framing(), writers, schema, Integer.MAX_VALUE));
    }

    private static void requireNumber(String tradeId) {
        String key = TailOptions.TRADE_ID.key();
        try {
            if (Long.toString(Long.parseLong(tradeId)).equals(tradeId)) {
                return;
            }
        } catch (NumberFormatException e) {
            // The same sentence as for a number with leading zeros.
        }
        throw new SettingsException(key, key + " is '" + tradeId + "', but the ids of trades are whole numbers");
    }

    private WriterSchemas byFingerprint() {
        return KnownSchemas.of(List.of(schemas.enriched(), schemas.trade().schema()), writerSchemas, schemas);
    }
}
