package io.tradeenrichment.cli.preflight;

import io.tradeenrichment.JobSettings;
import io.tradeenrichment.KafkaConnectors;
import io.tradeenrichment.Operator;
import io.tradeenrichment.Topology;
import io.tradeenrichment.TradeEnrichmentJob;
import io.tradeenrichment.Wire;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.savepoint.JobUids;
import io.tradeenrichment.savepoint.PlannedJob;
import io.tradeenrichment.savepoint.Savepoint;
import io.tradeenrichment.savepoint.SavepointCompatibility;
import io.tradeenrichment.savepoint.SavepointContents;
import io.tradeenrichment.savepoint.SavepointReader;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The command {@code preflight}: checks a savepoint against this build of the job, or compares two savepoints. It is part
 * of the job's jar, so that {@code java -cp JAR} with this main asks the very build that will be started.
 */
public final class PreflightCommand {
    private final PreflightConfig config;
    private final PrintStream out;

    private PreflightCommand(PreflightConfig config, PrintStream out) {
        this.config = config;
        this.out = out;
    }

    public static void main(String[] args) throws InterruptedException {
        System.exit(command(System.out).run(args));
    }

    /** @param out receives the report */
    public static Command command(PrintStream out) {
        return new Command(
                new CommandDescription(
                        "deploy/preflight",
                        "Checks a savepoint against the job that would be started from it with the same settings, without"
                                + " a cluster or Kafka, and reports what the savepoint contains. The last"
                                + " line of output is the same as JSON. Ends with 0 if the savepoint fits, 1 if not, 2 if"
                                + " it cannot be read.",
                        Stream.concat(PreflightOptions.groups().stream(), JobSettings.groups().stream())
                                .toList(),
                        List.of(
                                "--preflight.savepoint /savepoints/savepoint-1 --preflight.parallelism 4 --config my-job.yaml",
                                "--preflight.savepoint /savepoints/savepoint-1 --preflight.against /savepoints/savepoint-2")),
                settings -> new PreflightCommand(settings.bind(PreflightConfig::from), out).run(settings));
    }

    private void run(Settings settings) throws IOException, InterruptedException {
        // The Flink settings of the environment find the file systems that the savepoint may be on.
        Configuration flink = GlobalConfiguration.loadConfiguration();
        FileSystem.initialize(flink, PluginUtils.createPluginManagerFromRootFolder(flink));
        if (config.against().isPresent()) {
            compare(config.against().get());
            return;
        }
        config.parallelism().ifPresent(parallelism -> flink.set(CoreOptions.DEFAULT_PARALLELISM, parallelism));
        config.maxParallelism().ifPresent(most -> flink.set(PipelineOptions.MAX_PARALLELISM, most));
        JobSettings job = JobSettings.from(settings);
        // The job would not start without these files either.
        JobSchemas schemas = settings.withOrigin(job::schemas);
        settings.withOrigin(() -> SchemaFiles.read(job.job().wire().writerSchemaFiles(), schemas));
        check(plan(new StreamExecutionEnvironment(flink), job, schemas));
    }

    /** The job as it would be submitted, built without a request to Kafka or a registry. */
    public static PlannedJob plan(StreamExecutionEnvironment environment, JobSettings settings, JobSchemas schemas) {
        var wire = settings.job().wire();
        TradeEnrichmentJob.define(
                environment,
                settings.job(),
                KafkaConnectors.offline(settings.kafka(), wire.maxEnrichedSize()),
                Wire.offline(wire, schemas));
        Set<String> topics = settings.kafka().topics().inputs();
        return new PlannedJob(
                environment.getStreamGraph(false),
                settings.job(),
                schemas.enrichedJson(),
                schemas.trade().isTextTradeId(),
                topics,
                Topology.GENERATION);
    }

    /** The operators without whose state the job would lose its place, and those whose uids change with the generation. */
    private static JobUids uids(List<Dimension> dimensions) {
        Set<String> stateful =
                new HashSet<>(Set.of(Operator.TRADES.uid(), Operator.DECODE_TRADES.uid(), Operator.TRADE_JOIN.uid()));
        dimensions.forEach(dimension -> stateful.add(Operator.source(dimension).uid()));
        return new JobUids(
                Operator.TRADE_JOIN.uid(),
                Operator.DECODE_TRADES.uid(),
                stateful,
                dimensions.stream().map(Operator::sourceUidPrefix).collect(Collectors.toSet()));
    }

    private void check(PlannedJob job) throws IOException {
        Savepoint savepoint = Savepoint.open(PreflightOptions.SAVEPOINT, config.savepoint());
        SavepointCompatibility.Result result = read(
                PreflightOptions.SAVEPOINT,
                savepoint,
                () -> SavepointCompatibility.check(
                        job, uids(job.config().dimensionList()), config.allowNonRestored(), savepoint));
        new PreflightReport(out).print(savepoint, result);
        if (!result.findings().fits()) {
            int problems = result.findings().problems().size();
            throw new IOException("The savepoint at " + savepoint.path() + " does not fit this job: " + problems
                    + (problems == 1 ? " problem" : " problems") + ", listed above");
        }
    }

    private void compare(String other) {
        Savepoint savepoint = Savepoint.open(PreflightOptions.SAVEPOINT, config.savepoint());
        Savepoint against = Savepoint.open(PreflightOptions.AGAINST, other);
        new PreflightReport(out)
                .printDifferences(
                        savepoint,
                        contents(PreflightOptions.SAVEPOINT, savepoint),
                        against,
                        contents(PreflightOptions.AGAINST, against));
    }

    private SavepointContents contents(ConfigOption<String> key, Savepoint savepoint) {
        return read(key, savepoint, () -> SavepointReader.read(savepoint, uids(List.of())));
    }

    /** The savepoint was opened before, so a failure means that its files have changed or are damaged. */
    private static <T> T read(ConfigOption<String> key, Savepoint savepoint, Reading<T> reading) {
        try {
            return reading.read();
        } catch (Exception e) {
            throw new SettingsException(
                    key.key(),
                    key.key() + ": the savepoint at " + savepoint.path() + " cannot be read: " + Failures.rootCause(e)
                            + "; choose another savepoint");
        }
    }

    private interface Reading<T> {
        T read() throws Exception;
    }
}
