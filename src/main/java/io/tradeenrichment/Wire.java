package io.tradeenrichment;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
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

    /** @param prefix the framing of the enriched trades */
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
    static Wire open(JobSettings settings, JobSchemas schemas, List<String> writerSchemas) throws InterruptedException {
        JobConfig.Wire config = settings.job().wire();
        if (settings.registry().isEmpty()) {
            return singleObject(config, schemas, writerSchemas);
        }
        RegistryConfig registry = settings.registry().get();
        KafkaConfig.Topics topics = settings.kafka().topics();
        // Before anything is registered, so that a refused job leaves nothing in the registry.
        List<String> warnings = RegistrySetup.checkKeys(registry, schemas, config.keys(), topics::of);
        RegistrySetup setup = RegistrySetup.open(registry, schemas, topics::of, topics.enrichedTrades());
        return new Wire(
                new WireFormat(config.framing(), setup.writers(), config.maxRecordSize(), config.keys(), schemas),
                config.framing().prefix(setup.enrichedTradeId()),
                Stream.concat(warnings.stream(), setup.warnings().stream()).toList());
    }

    /** Avro's single-object encoding: the job's own schemas and those of the settings, by their fingerprints. */
    private static Wire singleObject(JobConfig.Wire config, JobSchemas schemas, List<String> writerSchemas) {
        return new Wire(
                byFingerprint(config, schemas, writerSchemas),
                config.framing().prefix(Framing.fingerprint(schemas.enriched())),
                List.of());
    }

    /** Enriched trades without framing, for Avro container files, which carry their schema in the header. */
    public static Wire containerFiles(JobConfig.Wire config, JobSchemas schemas, List<String> writerSchemas) {
        return new Wire(byFingerprint(config, schemas, writerSchemas), new byte[0], List.of());
    }

    /** The same types without a request to a registry: enough to build the job's graph, not to run it. */
    public static Wire offline(JobConfig.Wire config, JobSchemas schemas) {
        return containerFiles(config, schemas, List.of());
    }

    private static WireFormat byFingerprint(JobConfig.Wire config, JobSchemas schemas, List<String> writerSchemas) {
        KnownSchemas writers = KnownSchemas.of(schemas.inputs(), writerSchemas, schemas);
        return new WireFormat(config.framing(), feed -> writers, config.maxRecordSize(), config.keys(), schemas);
    }

    WireFormat format() {
        return format;
    }

    /** The layout of the enriched trades. */
    EnrichedLayout layout() {
        return EnrichedLayout.of(prefix, format.schemas());
    }

    /** Findings that do not stop the job, a sentence each. */
    List<String> warnings() {
        return warnings;
    }
}
