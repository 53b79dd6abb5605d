package io.tradeenrichment;

import io.tradeenrichment.cli.embedded.AvroFiles;
import io.tradeenrichment.cli.embedded.EmbeddedConfig;
import io.tradeenrichment.cli.embedded.EmbeddedOptions;
import io.tradeenrichment.cli.embedded.EmbeddedRun;
import io.tradeenrichment.cli.embedded.GeneratedFeeds;
import io.tradeenrichment.cli.preflight.PreflightConfig;
import io.tradeenrichment.cli.preflight.PreflightOptions;
import io.tradeenrichment.cli.preflight.PreflightRun;
import io.tradeenrichment.cli.tools.Generate;
import io.tradeenrichment.cli.tools.Tail;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.KafkaConnectors;
import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.operations.Rescale;
import io.tradeenrichment.operations.Rollback;
import io.tradeenrichment.operations.Submit;
import io.tradeenrichment.operations.Upgrade;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.savepoint.PlannedJob;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job's main: reads the settings, opens the ends, hands them to {@link Topology}, executes.
 *
 * <p>With {@code embedded} as its first argument it runs in this JVM, between a generated market and Avro files; with
 * another command's name, that command runs; without, the job runs on the cluster that the jar was given to, between
 * Kafka's topics.
 */
public final class TradeEnrichmentJob {
    private static final String NAME = "trade-enrichment";
    private static final Map<String, Command> COMMANDS = Map.of(
            "embedded", embedded(),
            "generate", Generate.command(),
            "tail", Tail.command(),
            "preflight", preflight(System.out),
            "submit", Submit.command(NAME, onACluster(), TradeEnrichmentJob::check),
            "upgrade", Upgrade.command(NAME, onACluster(), TradeEnrichmentJob::check),
            "rescale", Rescale.command(NAME),
            "rollback", Rollback.command(NAME));
    private static final String SETTINGS = "job.yaml";
    /** Avro container files carry their schema: nothing stands before each record. */
    private static final byte[] UNFRAMED = {};

    private TradeEnrichmentJob() {}

    public static void main(String[] args) throws Exception {
        Command command = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (command != null) {
            System.exit(command.run(Arrays.copyOfRange(args, 1, args.length)));
        }
        submit(args.length == 0 ? besideTheClusters() : args);
    }

    /**
     * Where nobody can say anything, as on the web UI's submit page (FLINK-39310), the cluster says it: in a settings file
     * beside its own.
     */
    private static String[] besideTheClusters() {
        String folder = System.getenv(ConfigConstants.ENV_FLINK_CONF_DIR);
        if (folder == null || Files.notExists(Path.of(folder, SETTINGS))) {
            return new String[0];
        }
        return new String[] {"--config", Path.of(folder, SETTINGS).toString()};
    }

    private static Command embedded() {
        return new Command(
                program(
                        "deploy/embedded",
                        "Joins a generated market's trades with its instruments and users, in one JVM, and writes the"
                                + " enriched trades to Avro files. The last line of output holds the totals.",
                        Stream.concat(
                                EmbeddedOptions.groups().stream(),
                                clusterOptions().map(OptionGroup::hidden)),
                        "--embedded.trades 5000000 --embedded.rate 100000",
                        "--embedded.late-share 0.01 --join.user.missing partial",
                        "--config conf/job.yaml --dedup.retention 10min"),
                TradeEnrichmentJob::runEmbedded);
    }

    private static void runEmbedded(Settings settings) throws IOException, InterruptedException {
        JobConfig job = settings.bind(JobConfig::from);
        EmbeddedConfig embedded = settings.bind(EmbeddedConfig::from);
        Wire wire = settings.withOrigin(() -> Wire.of(job.wire()));
        System.err.print(settings.effectiveListing());
        new EmbeddedRun(embedded.run(), System.out, System.err).run((environment, folder) -> {
            show(settings, environment);
            define(
                    environment,
                    job,
                    wire,
                    new GeneratedFeeds(embedded.workload(), job.wire().keys()),
                    folder);
        });
    }

    static CommandDescription onACluster() {
        return program(
                "flink run " + NAME + ".jar",
                "Joins the trades of a Kafka topic with the instruments and users of two others, on a Flink cluster, and"
                        + " writes the enriched trades to a fourth. Records that cannot be enriched go to a fifth.",
                clusterOptions(),
                "--kafka.bootstrap.servers kafka:9092 --kafka.transactional-id-prefix prod.trade-enrichment.",
                "--config my-job.yaml --kafka.delivery at-least-once");
    }

    /** @param out takes the report */
    static Command preflight(PrintStream out) {
        return new Command(
                program(
                        "deploy/preflight",
                        "Holds a savepoint against the job that would be started from it with the same settings, without"
                                + " a cluster, Kafka or a registry, and says what it holds. The last line of output is"
                                + " the same as JSON. Ends with 0 if it fits, 1 if not, 2 if it cannot be read.",
                        Stream.concat(PreflightOptions.groups().stream(), clusterOptions()),
                        "--preflight.savepoint /savepoints/savepoint-1 --preflight.parallelism 4 --config my-job.yaml",
                        "--preflight.savepoint /savepoints/savepoint-1 --preflight.against /savepoints/savepoint-2"),
                settings -> runPreflight(settings, out));
    }

    private static void runPreflight(Settings settings, PrintStream out) throws IOException {
        PreflightConfig preflight = settings.bind(PreflightConfig::from);
        Configuration cluster = GlobalConfiguration.loadConfiguration();
        FileSystem.initialize(cluster, PluginUtils.createPluginManagerFromRootFolder(cluster));
        PreflightRun run = new PreflightRun(preflight, Operator.uids(), out);
        if (preflight.against().isPresent()) {
            run.compare(preflight.against().get());
            return;
        }
        JobConfig job = settings.bind(JobConfig::from);
        KafkaConfig kafka = settings.bind(KafkaConfig::from);
        settings.bind(RegistryConfig::from);
        preflight.parallelism().ifPresent(parallelism -> cluster.set(CoreOptions.DEFAULT_PARALLELISM, parallelism));
        preflight.maxParallelism().ifPresent(most -> cluster.set(PipelineOptions.MAX_PARALLELISM, most));
        run.judge(settings.withOrigin(() -> candidate(new StreamExecutionEnvironment(cluster), job, kafka)));
    }

    /** The job as it would be submitted, but that nobody is asked anything. */
    static PlannedJob candidate(StreamExecutionEnvironment environment, JobConfig job, KafkaConfig kafka) {
        define(
                environment,
                job,
                KafkaConnectors.unasked(kafka, job.wire().maxEnrichedSize()),
                Wire.unasked(job.wire()));
        Set<String> topics =
                Arrays.stream(Feed.values()).map(kafka.topics()::of).collect(Collectors.toSet());
        return new PlannedJob(environment.getStreamGraph(false), job, topics, Topology.GENERATION);
    }

    /**
     * Judges the settings as far as this can be done without a cluster, Kafka or a registry, on whichever machine.
     *
     * @throws io.tradeenrichment.settings.SettingsException with the sentence that main would end with
     */
    static void check(Settings settings) {
        settings.bind(JobConfig::from);
        settings.bind(KafkaConfig::from);
        settings.bind(RegistryConfig::from);
    }

    private static void submit(String... args) throws Exception {
        Settings settings = Settings.read(onACluster(), args);
        if (settings.helpOrVersion().isPresent()) {
            System.out.print(settings.helpOrVersion().get());
            return;
        }
        JobConfig job = settings.bind(JobConfig::from);
        KafkaConfig kafka = settings.bind(KafkaConfig::from);
        Optional<RegistryConfig> registry = settings.bind(RegistryConfig::from);
        // Before Kafka: no topic is created for a job whose schema files cannot be read.
        Optional<Wire> withoutRegistry =
                registry.isPresent() ? Optional.empty() : Optional.of(settings.withOrigin(() -> Wire.of(job.wire())));
        System.out.print(settings.effectiveListing());
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        show(settings, environment);
        KafkaConnectors ends = KafkaConnectors.open(
                kafka, Checkpointing.of(environment), job.wire().maxEnrichedSize());
        ends.warnings().forEach(System.out::println);
        Wire wire = withoutRegistry.isPresent()
                ? withoutRegistry.get()
                : Wire.open(job.wire(), registry.orElseThrow(), kafka.topics());
        wire.warnings().forEach(System.out::println);
        define(environment, job, ends, wire);
        environment.execute(NAME);
    }

    /** Puts the whole job together between Kafka's topics. */
    static void define(StreamExecutionEnvironment environment, JobConfig job, KafkaConnectors ends, Wire wire) {
        environment.configure(guards());
        Topology.Outputs out = Topology.build(
                new Topology.Inputs(
                        Operator.TRADES.tag(ends.trades(environment)),
                        Operator.INSTRUMENTS.tag(ends.instruments(environment)),
                        Operator.USERS.tag(ends.users(environment)),
                        ends.standing(),
                        ends.feedEnds()),
                job,
                wire.format(),
                wire.prefix());
        Operator.ENRICHED_TRADES.tag(out.enriched().sinkTo(ends.enrichedTrades()));
        Operator.DEAD_LETTERS.tag(out.rejected().sinkTo(ends.deadLetters()));
    }

    /** Puts the whole job together between a generated market and Avro files. */
    static void define(
            StreamExecutionEnvironment environment, JobConfig job, Wire wire, GeneratedFeeds feeds, String folder) {
        environment.configure(guards());
        Topology.Outputs out = Topology.build(
                new Topology.Inputs(
                        Operator.TRADES.tag(feeds.trades(environment)),
                        Operator.INSTRUMENTS.tag(feeds.instruments(environment)),
                        Operator.USERS.tag(feeds.users(environment)),
                        feeds.standing(),
                        EndOffsets.GENERATED),
                job,
                wire.format(),
                UNFRAMED);
        Operator.ENRICHED_TRADES.tag(out.enriched().sinkTo(AvroFiles.enrichedTrades(folder)));
        Operator.DEAD_LETTERS.tag(out.rejected().sinkTo(AvroFiles.deadLetters(folder)));
    }

    /** Two of Flink's own checks: no type without a serializer that we wrote, no operator without a uid that we gave. */
    private static Configuration guards() {
        Configuration guards = new Configuration();
        guards.set(PipelineOptions.GENERIC_TYPES, false);
        guards.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        return guards;
    }

    /** Puts the settings, without secrets, on the web UI's configuration page. */
    static void show(Settings settings, StreamExecutionEnvironment environment) {
        Configuration shown = new Configuration();
        settings.effectiveValues().forEach(shown::setString);
        environment.getConfig().setGlobalJobParameters(shown);
    }

    private static Stream<OptionGroup> clusterOptions() {
        return Stream.concat(KafkaOptions.groups().stream(), RegistryOptions.groups().stream());
    }

    private static CommandDescription program(
            String name, String description, Stream<OptionGroup> ends, String... examples) {
        List<OptionGroup> groups =
                Stream.concat(JobOptions.groups().stream(), ends).toList();
        return new CommandDescription(name, description, groups, List.of(examples));
    }
}
