package io.tradeenrichment;

import static org.awaitility.Awaitility.await;

import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The whole job in a mini cluster, as main builds it. Unless told otherwise, its first failure is its end. */
final class JobOnKafka implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path CHECKPOINTS = Path.of("target", "checkpoints").toAbsolutePath();

    static final CommandDescription PROGRAM = new CommandDescription(
            "test",
            "",
            Stream.of(JobOptions.groups(), KafkaOptions.groups(), RegistryOptions.groups())
                    .flatMap(List::stream)
                    .toList(),
            List.of());

    private final Map<String, String> settings;
    private final Configuration cluster = new Configuration();
    private UnaryOperator<DataStream<SourceRecord>> onTrades;
    private UnaryOperator<SnapshotRecords> onStanding;
    private final InMemoryReporter metrics = InMemoryReporter.create();
    private Sink<EnrichedTrade> toEnriched;
    private Duration checkpointsTake;
    private List<String> warnings = List.of();
    private JobClient job;

    JobOnKafka(Map<String, String> settings) {
        this.settings = settings;
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        cluster.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(1));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, CHECKPOINTS.toUri().toString());
        cluster.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 3);
        cluster.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        metrics.addToConfiguration(cluster);
    }

    <T> JobOnKafka with(ConfigOption<T> option, T value) {
        cluster.set(option, value);
        return this;
    }

    JobOnKafka restarting(int times) {
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, times);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        return this;
    }

    JobOnKafka from(String savepoint) {
        cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return this;
    }

    /** Puts something between the trades' source and the job. */
    JobOnKafka onTrades(UnaryOperator<DataStream<SourceRecord>> operator) {
        onTrades = operator;
        return this;
    }

    /** Puts something between the loader of the rows that stand and the job. */
    JobOnKafka onStanding(UnaryOperator<SnapshotRecords> wrap) {
        onStanding = wrap;
        return this;
    }

    /** Writes enriched trades to another sink than the job's own. */
    JobOnKafka toEnriched(Sink<EnrichedTrade> sink) {
        toEnriched = sink;
        return this;
    }

    /** Lets checkpoints take longer than the checks at start are told: long enough to lose a transaction. */
    JobOnKafka checkpointsTake(Duration timeout) {
        checkpointsTake = timeout;
        return this;
    }

    JobOnKafka start(int parallelism) throws Exception {
        Settings given = Settings.of(PROGRAM, settings, "the test");
        JobConfig config = given.bind(JobConfig::from);
        var environment = StreamExecutionEnvironment.createLocalEnvironment(parallelism, cluster);
        KafkaConfig kafka = given.bind(KafkaConfig::from);
        KafkaConnectors ends = KafkaConnectors.open(
                kafka, Checkpointing.of(environment), config.wire().maxEnrichedSize());
        TradeEnrichmentJob.show(given, environment);
        warnings = ends.warnings();
        if (checkpointsTake != null) {
            environment.getCheckpointConfig().setCheckpointTimeout(checkpointsTake.toMillis());
        }
        Optional<RegistryConfig> registry = given.bind(RegistryConfig::from);
        if (onTrades == null && onStanding == null && toEnriched == null) {
            Wire wire = Wire.open(
                    new JobSettings(config, kafka, registry),
                    SchemaFiles.read(config.wire().writerSchemaFiles()));
            TradeEnrichmentJob.define(environment, config, ends, wire);
        } else {
            defineWithMore(environment, config, ends);
        }
        job = environment.executeAsync();
        return this;
    }

    private void defineWithMore(StreamExecutionEnvironment environment, JobConfig config, KafkaConnectors ends) {
        Topology.Outputs out = Topology.build(
                new Topology.Inputs(
                        with(onTrades, Operator.TRADES.tag(ends.trades(environment))),
                        Operator.INSTRUMENTS.tag(ends.instruments(environment)),
                        Operator.USERS.tag(ends.users(environment)),
                        with(onStanding, ends.snapshot()),
                        ends.endOffsets()),
                config,
                Samples.WIRE,
                Samples.prefix(Schemas.ENRICHED_TRADE));
        Operator.ENRICHED_TRADES.tag(out.enriched().sinkTo(toEnriched == null ? ends.enrichedTrades() : toEnriched));
        Operator.DEAD_LETTERS.tag(out.rejected().sinkTo(ends.deadLetters()));
    }

    private static <T> T with(UnaryOperator<T> more, T plain) {
        return more == null ? plain : more.apply(plain);
    }

    /** The job's own id, by which Flink names its checkpoints' folder and its pages. */
    JobID id() {
        return job.getJobID();
    }

    /** What the checks at start found that someone should know. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * The sum of all counters of this name in the attempt that runs. It can be read on after the job's end, when the mini
     * cluster knows of none.
     */
    LongSupplier counter(String name) {
        List<Metric> counters = metrics.getMetricsByGroup().values().stream()
                .flatMap(group -> Stream.ofNullable(group.get(name)))
                .toList();
        if (counters.isEmpty()) {
            throw new IllegalArgumentException("no counter " + name);
        }
        return () -> counters.stream()
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }

    /** The name under which Prometheus sees the metrics of this name. */
    Set<String> exportedNames(String name) {
        return metrics.getMetricsByGroup().entrySet().stream()
                .filter(group -> group.getValue().containsKey(name))
                .map(group -> "flink_"
                        + ((AbstractMetricGroup<?>) group.getKey()).getLogicalScope(CharacterFilter.NO_OP_FILTER, '_')
                        + "_" + name)
                .collect(Collectors.toSet());
    }

    /** A checkpoint that was kept. */
    static String checkpoint(JobID job, long number) {
        return CHECKPOINTS
                .resolve(job.toString())
                .resolve("chk-" + number)
                .toUri()
                .toString();
    }

    /** The number of the newest checkpoint that was kept; 0 if there is none yet. */
    static long newestCheckpoint(JobID job) {
        File[] folders = CHECKPOINTS
                .resolve(job.toString())
                .toFile()
                .listFiles(folder -> new File(folder, "_metadata").isFile());
        return folders == null
                ? 0
                : Stream.of(folders)
                        .mapToLong(folder -> Long.parseLong(folder.getName().substring("chk-".length())))
                        .max()
                        .orElse(0);
    }

    /** Its accumulators of all subtasks together. */
    Map<String, Object> totals() throws Exception {
        return job.getAccumulators().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    boolean isRunning() throws Exception {
        return job.getJobStatus().get() == JobStatus.RUNNING;
    }

    /** Cancels it, and returns how it says that it ended. */
    Throwable cancel() throws Exception {
        var result = job.getJobExecutionResult();
        job.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try {
            result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("the job ended well");
        } catch (java.util.concurrent.ExecutionException e) {
            return e;
        }
    }

    /** The sum of a gauge over the operator's subtasks. */
    long gauge(Operator operator, String name) {
        return metrics.findOperatorMetricGroups(job.getJobID(), operator.title()).stream()
                .map(group -> metrics.getMetricsByGroup(group).get(name))
                .mapToLong(gauge -> gauge == null
                        ? 0
                        : ((Gauge<? extends Number>) gauge).getValue().longValue())
                .sum();
    }

    /** Saves its state while it goes on. */
    String savepoint(Path folder, SavepointFormatType format) throws Exception {
        // A savepoint is refused while a task still initializes.
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> job.triggerSavepoint(folder.toUri().toString(), format)
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS),
                        path -> true);
    }

    /** Stops in good order, with everything committed. */
    String stop(Path folder) throws Exception {
        return stop(folder, SavepointFormatType.NATIVE);
    }

    String stop(Path folder, SavepointFormatType format) throws Exception {
        // A savepoint is refused while a task still initializes.
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> stopOnce(folder, format), path -> true);
    }

    private String stopOnce(Path folder, SavepointFormatType format) throws Exception {
        return job.stopWithSavepoint(false, folder.toUri().toString(), format)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What ended it. */
    Throwable failure() throws Exception {
        try {
            job.getJobExecutionResult().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("the job ended well");
        } catch (java.util.concurrent.ExecutionException e) {
            return e;
        }
    }

    @Override
    public void close() {
        if (job != null) {
            try {
                job.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                // It has ended already.
            }
        }
    }
}
