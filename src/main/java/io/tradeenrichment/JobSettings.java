package io.tradeenrichment;

import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.registry.GivenSchemas;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of the job between Kafka's topics, complete and checked.
 *
 * @param registry empty if records are framed with fingerprints
 */
public record JobSettings(JobConfig job, KafkaConfig kafka, Optional<RegistryConfig> registry) {

    /**
     * Reads no file that the settings name, so that a machine without these files can check the settings.
     *
     * @throws io.tradeenrichment.settings.SettingsException if a value, or two together, cannot be used
     */
    public static JobSettings from(Settings settings) {
        return new JobSettings(
                settings.bind(JobConfig::from), settings.bind(KafkaConfig::from), settings.bind(RegistryConfig::from));
    }

    /**
     * Reads the schemas that the settings name, from the registry too if one is there.
     *
     * @throws io.tradeenrichment.settings.SettingsException if a schema cannot be read, or does not fit the settings
     */
    public JobSchemas schemas() throws InterruptedException {
        return GivenSchemas.read(job, registry, kafka.topics()::of);
    }

    /** Every key of the job. */
    public static List<OptionGroup> groups() {
        return Stream.of(JobOptions.groups(), KafkaOptions.groups(), RegistryOptions.groups())
                .flatMap(List::stream)
                .toList();
    }

    public static CommandDescription description() {
        return new CommandDescription(
                "flink run " + TradeEnrichmentJob.NAME + ".jar",
                "Joins the trades of a Kafka topic with the rows of dimension topics, on a Flink cluster, and writes the"
                        + " enriched trades to another topic. Records that cannot be enriched go to a topic of their own.",
                groups(),
                List.of(
                        "--kafka.bootstrap.servers kafka:9092 --kafka.transactional-id-prefix prod.trade-enrichment.",
                        "--config my-job.yaml --kafka.delivery at-least-once"));
    }
}
