package io.tradeenrichment;

import io.tradeenrichment.codec.Framing;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.Schemas;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistrySetup;
import io.tradeenrichment.registry.SchemaFiles;
import java.util.List;
import java.util.stream.Stream;

/**
 * How records look on the wire: as fingerprints say, or as a registry does.
 *
 * @param enrichedKey what the framing of enriched trades carries
 * @param warnings what someone should know before the start, a sentence each
 */
record Wire(WireFormat format, long enrichedKey, List<String> warnings) {

    /** What stands before each enriched trade. */
    byte[] prefix() {
        return format.framing().prefix(enrichedKey);
    }

    /**
     * Without a registry: finds the job's own schemas and those in {@code wire.writer-schemas} by their fingerprints.
     *
     * @throws io.tradeenrichment.settings.SettingsException if a schema file cannot be used
     */
    static Wire of(JobConfig.Wire config) {
        return new Wire(
                new WireFormat(
                        config.framing(),
                        KnownSchemas.of(
                                List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER),
                                SchemaFiles.read(config.writerSchemaFiles())),
                        config.maxRecordSize(),
                        config.keys()),
                Framing.fingerprint(Schemas.ENRICHED_TRADE),
                List.of());
    }

    /** The same without a word to a registry: for looking at the job's graph, never for running it. */
    static Wire unasked(JobConfig.Wire config) {
        return new Wire(of(config).format(), 0, List.of());
    }

    /**
     * Asks the registry for all that the job must know before it starts.
     *
     * @throws io.tradeenrichment.settings.SettingsException with one sentence if the job could not run
     */
    static Wire open(JobConfig.Wire config, RegistryConfig registry, KafkaConfig.Topics topics)
            throws InterruptedException {
        // First, so that nothing is registered for a job that is refused.
        List<String> warnings = RegistrySetup.checkKeys(registry, config.keys(), topics::of);
        RegistrySetup schemas = RegistrySetup.open(registry, topics::of, topics.enrichedTrades());
        return new Wire(
                new WireFormat(config.framing(), schemas.writers(), config.maxRecordSize(), config.keys()),
                schemas.enrichedTradeId(),
                Stream.concat(warnings.stream(), schemas.warnings().stream()).toList());
    }
}
