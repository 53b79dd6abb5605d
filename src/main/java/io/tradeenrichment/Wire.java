package io.tradeenrichment;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistrySetup;
import java.util.List;
import java.util.stream.Stream;

/** The format of the job's records: schemas by fingerprint, or by the ids of a registry. */
public final class Wire {
    private final WireFormat format;
    private final byte[] prefix;
    private final List<String> warnings;

    private Wire(WireFormat format, byte[] prefix, List<String> warnings) {
        this.format = format;
        this.prefix = prefix;
        this.warnings = warnings;
    }

    /**
     * Finds the schemas in the registry, if the settings name one.
     *
     * @param writerSchemas as JSON, for records without a registry
     * @throws io.tradeenrichment.settings.SettingsException with one sentence if the job could not run
     */
    static Wire open(JobSettings settings, List<String> writerSchemas) throws InterruptedException {
        JobConfig.Wire config = settings.job().wire();
        if (settings.registry().isEmpty()) {
            return singleObject(config, writerSchemas);
        }
        RegistryConfig registry = settings.registry().get();
        KafkaConfig.Topics topics = settings.kafka().topics();
        // Before anything is registered, so that a refused job leaves nothing in the registry.
        List<String> warnings = RegistrySetup.checkKeys(registry, config.keys(), topics::of);
        RegistrySetup schemas = RegistrySetup.open(registry, topics::of, topics.enrichedTrades());
        return new Wire(
                new WireFormat(config.framing(), schemas.writers(), config.maxRecordSize(), config.keys()),
                config.framing().prefix(schemas.enrichedTradeId()),
                Stream.concat(warnings.stream(), schemas.warnings().stream()).toList());
    }

    /** Avro's single-object encoding: the job's own schemas and those of the settings, by their fingerprints. */
    private static Wire singleObject(JobConfig.Wire config, List<String> writerSchemas) {
        return new Wire(
                byFingerprint(config, writerSchemas),
                config.framing().prefix(Framing.fingerprint(Schemas.ENRICHED_TRADE)),
                List.of());
    }

    /** Enriched trades without framing, for Avro container files, which carry their schema in the header. */
    public static Wire containerFiles(JobConfig.Wire config, List<String> writerSchemas) {
        return new Wire(byFingerprint(config, writerSchemas), new byte[0], List.of());
    }

    /** The same types without a request to a registry: enough to build the job's graph, not to run it. */
    public static Wire offline(JobConfig.Wire config) {
        return containerFiles(config, List.of());
    }

    private static WireFormat byFingerprint(JobConfig.Wire config, List<String> writerSchemas) {
        return new WireFormat(
                config.framing(),
                KnownSchemas.of(List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER), writerSchemas),
                config.maxRecordSize(),
                config.keys());
    }

    WireFormat format() {
        return format;
    }

    /** The layout of the enriched trades. */
    EnrichedLayout layout() {
        return EnrichedLayout.bundled(prefix);
    }

    /** Findings that do not stop the job, a sentence each. */
    List<String> warnings() {
        return warnings;
    }
}
