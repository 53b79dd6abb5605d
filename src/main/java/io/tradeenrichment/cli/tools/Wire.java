package io.tradeenrichment.cli.tools;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KeyFormat;
import io.tradeenrichment.codec.KeyWriter;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.Schemas;
import io.tradeenrichment.codec.WriterSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.market.Prefixes;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistrySetup;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.settings.Settings;
import java.util.List;
import java.util.Optional;

/** How the commands frame what they send, and find the schemas of what they show. */
record Wire(JobConfig.Wire config, Optional<RegistryConfig> registry) {

    /** @throws io.tradeenrichment.settings.SettingsException if a value, or two together, cannot be used */
    static Wire of(Settings settings) {
        return new Wire(settings.bind(JobConfig.Wire::from), settings.bind(RegistryConfig::from));
    }

    /** Asks the registry, where there is one, for the ids of the feeds' schemas. */
    Prefixes prefixes(KafkaConfig.Topics topics) throws InterruptedException {
        if (registry.isEmpty()) {
            return Prefixes.SINGLE_OBJECT;
        }
        return new Prefixes(config.framing(), RegistrySetup.feedIds(registry.get(), topics::of));
    }

    /** How keys of this dimension are written: asks the registry for an id where they are in Avro behind one. */
    KeyWriter keys(Dimension dimension, KafkaConfig.Topics topics) throws InterruptedException {
        KeyFormat format = config.keys().of(dimension);
        return registry.isEmpty() || format != KeyFormat.AVRO
                ? KeyWriter.singleObject(format)
                : new KeyWriter(
                        format,
                        config.framing().prefix(RegistrySetup.keyId(registry.get(), dimension, topics.of(dimension))));
    }

    /** A reader of enriched trades, whatever their length: what stands on the topic is to be shown. */
    DatumReader enrichedTrades(KafkaConfig.Topics topics) {
        WriterSchemas writers = registry.map(config -> RegistrySetup.enrichedTrades(config, topics.enrichedTrades()))
                .orElseGet(this::known);
        return new DatumReader(config.framing(), writers, Schemas.ENRICHED_TRADE, Integer.MAX_VALUE);
    }

    /** Looks for one trade among enriched trades and dead letters. */
    TradeSearch search(long tradeId, KafkaConfig.Topics topics) {
        WriterSchemas writers = registry.map(config -> RegistrySetup.trades(config, topics.trades()))
                .orElseGet(this::known);
        return new TradeSearch(
                tradeId,
                topics,
                enrichedTrades(topics),
                new DatumReader(config.framing(), writers, Schemas.TRADE, Integer.MAX_VALUE),
                new DatumReader(config.framing(), writers, TradeSearch.ID_ONLY, Integer.MAX_VALUE));
    }

    private WriterSchemas known() {
        return KnownSchemas.of(
                List.of(Schemas.ENRICHED_TRADE, Schemas.TRADE), SchemaFiles.read(config.writerSchemaFiles()));
    }
}
