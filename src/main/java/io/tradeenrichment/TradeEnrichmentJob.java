package io.tradeenrichment;

import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job's main on a cluster: reads the settings, opens the connectors, defines the {@link Topology}, executes. */
public final class TradeEnrichmentJob {
    public static final String NAME = "trade-enrichment";

    private static final String SETTINGS_FILE = "job.yaml";

    private TradeEnrichmentJob() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.read(JobSettings.description(), args.length == 0 ? argumentsOfTheCluster() : args);
        if (settings.helpOrVersion().isPresent()) {
            System.out.print(settings.helpOrVersion().get());
            return;
        }
        JobSettings job = JobSettings.from(settings);
        JobSchemas schemas = settings.withOrigin(job::schemas);
        List<String> writerSchemas =
                settings.withOrigin(() -> SchemaFiles.read(job.job().wire().writerSchemaFiles(), schemas));
        System.out.print(settings.effectiveListing());

        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        show(settings, environment);
        KafkaConnectors connectors = KafkaConnectors.open(
                job.kafka(), Checkpointing.of(environment), job.job().wire().maxEnrichedSize());
        connectors.warnings().forEach(System.out::println);
        Wire wire = Wire.open(job, schemas, writerSchemas);
        wire.warnings().forEach(System.out::println);
        define(environment, job.job(), connectors, wire);
        environment.execute(NAME);
    }

    /** The web UI's submit page passes no arguments (FLINK-39310): the job then reads job.yaml beside Flink's settings. */
    private static String[] argumentsOfTheCluster() {
        String folder = System.getenv(ConfigConstants.ENV_FLINK_CONF_DIR);
        if (folder == null || Files.notExists(Path.of(folder, SETTINGS_FILE))) {
            return new String[0];
        }
        return new String[] {"--config", Path.of(folder, SETTINGS_FILE).toString()};
    }

    /** Defines the job between the given connectors. */
    public static void define(
            StreamExecutionEnvironment environment, JobConfig config, Connectors connectors, Wire wire) {
        environment.configure(guards());
        Map<Dimension, DataStream<SourceRecord>> dimensions = new LinkedHashMap<>();
        for (Dimension dimension : config.dimensionList()) {
            dimensions.put(dimension, Operator.source(dimension).tag(connectors.dimension(environment, dimension)));
        }
        Topology.Outputs out = Topology.build(
                new Topology.Inputs(
                        Operator.TRADES.tag(connectors.trades(environment)),
                        dimensions,
                        connectors.snapshot(),
                        connectors.endOffsets()),
                config,
                wire.format(),
                wire.layout());
        Operator.ENRICHED_TRADES.tag(out.enriched().sinkTo(connectors.enrichedTrades()));
        Operator.DEAD_LETTERS.tag(out.rejected().sinkTo(connectors.deadLetters()));
    }

    /** Makes Flink refuse a type without one of our serializers, and an operator without one of our uids. */
    private static Configuration guards() {
        Configuration guards = new Configuration();
        guards.set(PipelineOptions.GENERIC_TYPES, false);
        guards.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        return guards;
    }

    /** Shows the settings, with secrets redacted, on the job's configuration page in the web UI. */
    public static void show(Settings settings, StreamExecutionEnvironment environment) {
        Configuration shown = new Configuration();
        settings.effectiveValues().forEach(shown::setString);
        environment.getConfig().setGlobalJobParameters(shown);
    }
}
