package io.tradeenrichment.cli.tools;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.market.FramingPrefixes;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistrySetup;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.settings.Settings;
import java.util.List;
import java.util.Optional;

/** The framing of the records that the commands send, and the schemas of those that they print. */
record TopicFormats(JobConfig.Wire config, List<String> writerSchemas, Optional<RegistryConfig> registry) {

    /** @throws io.tradeenrichment.settings.SettingsException if a value, or two together, cannot be used */
    static TopicFormats of(Settings settings) {
        JobConfig.Wire config = settings.bind(JobConfig.Wire::from);
        return new TopicFormats(
                config,
                settings.withOrigin(() -> SchemaFiles.read(config.writerSchemaFiles())),
                settings.bind(RegistryConfig::from));
    }

    /** The bytes before the datum of each generated record; the schema ids come from the registry, if there is one. */
    FramingPrefixes prefixes(KafkaConfig.Topics topics) throws InterruptedException {
        if (registry.isEmpty()) {
            return FramingPrefixes.SINGLE_OBJECT;
        }
        return new FramingPrefixes(config.framing(), RegistrySetup.feedIds(registry.get(), topics::of));
    }

    /** Writes the keys of a dimension; the schema id of an Avro key comes from the registry, if there is one. */
    KeyWriter keys(Dimension dimension, KafkaConfig.Topics topics) throws InterruptedException {
        KeyFormat format = config.keys().of(dimension);
        return registry.isEmpty() || format != KeyFormat.AVRO
                ? KeyWriter.singleObject(format)
                : new KeyWriter(
                        format,
                        config.framing().prefix(RegistrySetup.keyId(registry.get(), dimension, topics.of(dimension))));
    }

    /** Reads enriched trades of any length. */
    DatumReader enrichedTrades(KafkaConfig.Topics topics) {
        WriterSchemas writers = registry.map(config -> RegistrySetup.enrichedTrades(config, topics.enrichedTrades()))
                .orElseGet(this::byFingerprint);
        return new DatumReader(config.framing(), writers, Schemas.ENRICHED_TRADE, Integer.MAX_VALUE);
    }

    /** Searches enriched trades and dead letters for one trade. */
    TradeSearch search(long tradeId, KafkaConfig.Topics topics) {
        WriterSchemas writers = registry.map(config -> RegistrySetup.trades(config, topics.trades()))
                .orElseGet(this::byFingerprint);
        return new TradeSearch(
                tradeId,
                topics,
                enrichedTrades(topics),
                new DatumReader(config.framing(), writers, Schemas.TRADE, Integer.MAX_VALUE),
                new DatumReader(config.framing(), writers, TradeSearch.ID_ONLY, Integer.MAX_VALUE));
    }

    private WriterSchemas byFingerprint() {
        return KnownSchemas.of(List.of(Schemas.ENRICHED_TRADE, Schemas.TRADE), writerSchemas);
    }
}
