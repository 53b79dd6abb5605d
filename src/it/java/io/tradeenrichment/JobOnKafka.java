package io.tradeenrichment;

import static org.awaitility.Awaitility.await;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/**
 * The whole job in a mini cluster, as main builds it. It ends with the first failure unless {@link #restarting} allows
 * restarts.
 */
public final class JobOnKafka implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** {@code wire.enriched.max-size} of {@link #connectors}, in bytes. */
    private static final int MAX_ENRICHED_SIZE = 1_000_000;

    private static final Path CHECKPOINTS = Path.of("target", "checkpoints").toAbsolutePath();

    private static final CommandDescription PROGRAM =
            new CommandDescription("test", "", JobSettings.groups(), List.of());

    private final Map<String, String> settings;
    private final Configuration cluster = new Configuration();
    private final InMemoryReporter metrics = InMemoryReporter.create();
    private UnaryOperator<DataStream<SourceRecord>> trades = UnaryOperator.identity();
    private UnaryOperator<SnapshotRecords> snapshot = UnaryOperator.identity();
    private Sink<EnrichedTrade> enrichedTrades;
    private boolean changed;
    private Duration checkpointTimeout;
    private List<String> warnings = List.of();
    private JobClient job;

    public JobOnKafka(Map<String, String> settings) {
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

    public <T> JobOnKafka with(ConfigOption<T> option, T value) {
        cluster.set(option, value);
        return this;
    }

    public JobOnKafka restarting(int times) {
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, times);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        return this;
    }

    public JobOnKafka from(String savepoint) {
        cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return this;
    }

    /** Adds an operator between the source of the trades and the job. */
    public JobOnKafka transformTrades(UnaryOperator<DataStream<SourceRecord>> operator) {
        trades = operator;
        changed = true;
        return this;
    }

    /** Wraps the loader of the dimension snapshot. */
    public JobOnKafka wrapSnapshot(UnaryOperator<SnapshotRecords> wrapper) {
        snapshot = wrapper;
        changed = true;
        return this;
    }

    /** Replaces the job's sink of enriched trades. */
    public JobOnKafka sinkEnrichedTo(Sink<EnrichedTrade> sink) {
        enrichedTrades = sink;
        changed = true;
        return this;
    }

    /**
     * Sets Flink's checkpoint timeout after the start checks, which see {@code execution.checkpointing.timeout}. So a
     * checkpoint can take longer than the transaction timeout, which the checks would otherwise refuse.
     */
    public JobOnKafka checkpointTimeoutAfterChecks(Duration timeout) {
        checkpointTimeout = timeout;
        return this;
    }

    public JobOnKafka start(int parallelism) throws Exception {
        Settings read = read(settings);
        JobConfig config = read.bind(JobConfig::from);
        var environment = StreamExecutionEnvironment.createLocalEnvironment(parallelism, cluster);
        KafkaConfig kafka = read.bind(KafkaConfig::from);
        KafkaConnectors connectors = KafkaConnectors.open(
                kafka, Checkpointing.of(environment), config.wire().maxEnrichedSize());
        TradeEnrichmentJob.show(read, environment);
        warnings = connectors.warnings();
        if (checkpointTimeout != null) {
            environment.getCheckpointConfig().setCheckpointTimeout(checkpointTimeout.toMillis());
        }
        if (changed) {
            defineChanged(environment, config, connectors);
        } else {
            TradeEnrichmentJob.define(environment, config, connectors, wire(JobSettings.from(read)));
        }
        job = environment.executeAsync();
        return this;
    }

    private void defineChanged(StreamExecutionEnvironment environment, JobConfig config, KafkaConnectors connectors) {
        Map<Dimension, DataStream<SourceRecord>> dimensions = new LinkedHashMap<>();
        for (Dimension dimension : config.dimensionList()) {
            dimensions.put(dimension, Operator.source(dimension).tag(connectors.dimension(environment, dimension)));
        }
        Topology.Outputs out = Topology.build(
                new Topology.Inputs(
                        trades.apply(Operator.TRADES.tag(connectors.trades(environment))),
                        dimensions,
                        snapshot.apply(connectors.snapshot()),
                        connectors.endOffsets()),
                config,
                Samples.WIRE,
                EnrichedLayout.bundled(Samples.prefix(Schemas.ENRICHED_TRADE)));
        Operator.ENRICHED_TRADES.tag(
                out.enriched().sinkTo(enrichedTrades == null ? connectors.enrichedTrades() : enrichedTrades));
        Operator.DEAD_LETTERS.tag(out.rejected().sinkTo(connectors.deadLetters()));
    }

    private static Wire wire(JobSettings job) throws Exception {
        JobSchemas schemas = job.schemas();
        return Wire.open(job, schemas, SchemaFiles.read(job.job().wire().writerSchemaFiles(), schemas));
    }

    /** The schemas of a job with these settings. */
    public static JobSchemas schemas(Map<String, String> settings) throws Exception {
        return JobSettings.from(read(settings)).schemas();
    }

    private static Settings read(Map<String, String> settings) {
        return Settings.of(PROGRAM, settings, "the test");
    }

    /**
     * Runs the start checks and opens the connectors, without a job.
     *
     * @param restartable whether a cluster may have replaced its JobManager, so that an open transaction may be this job's
     */
    public static KafkaConnectors connectors(Map<String, String> settings, boolean restartable) throws Exception {
        return KafkaConnectors.open(
                read(settings).bind(KafkaConfig::from),
                new Checkpointing(Duration.ofSeconds(1), Duration.ofMinutes(1), 3, true, restartable),
                MAX_ENRICHED_SIZE);
    }

    /** Prepares the registry as main does before a start, and returns the framing of enriched trades. */
    public static byte[] openRegistry(Map<String, String> settings) throws Exception {
        return wire(JobSettings.from(read(settings))).layout().prefix();
    }

    /** The id in the path of the job's checkpoints and of its REST resources. */
    public JobID id() {
        return job.getJobID();
    }

    /** The warnings of the start checks. */
    public List<String> warnings() {
        return warnings;
    }

    /** The sum of all counters of this name in the current attempt. The supplier works after the job's end too. */
    public LongSupplier counter(String name) {
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

    /** The names under which the Prometheus reporter exports the metrics of this name. */
    public Set<String> exportedNames(String name) {
        return metrics.getMetricsByGroup().entrySet().stream()
                .filter(group -> group.getValue().containsKey(name))
                .map(group -> "flink_"
                        + ((AbstractMetricGroup<?>) group.getKey()).getLogicalScope(CharacterFilter.NO_OP_FILTER, '_')
                        + "_" + name)
                .collect(Collectors.toSet());
    }

    /** The path of a retained checkpoint. */
    public static String checkpoint(JobID job, long number) {
        return CHECKPOINTS
                .resolve(job.toString())
                .resolve("chk-" + number)
                .toUri()
                .toString();
    }

    /** The number of the latest retained checkpoint; 0 if there is none. */
    public static long newestCheckpoint(JobID job) {
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

    /** The job's accumulators, merged over all subtasks. */
    public Map<String, Object> totals() throws Exception {
        return job.getAccumulators().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    public boolean isRunning() throws Exception {
        return job.getJobStatus().get() == JobStatus.RUNNING;
    }

    /** Cancels the job and returns the exception of its result. */
    public Throwable cancel() throws Exception {
        var result = job.getJobExecutionResult();
        job.cancel().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        try {
            result.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("the job did not fail");
        } catch (java.util.concurrent.ExecutionException e) {
            return e;
        }
    }

    /** The sum of a gauge over the operator's subtasks; 0 where it is not registered. */
    public long gauge(Operator operator, String name) {
        return metrics.findOperatorMetricGroups(job.getJobID(), operator.title()).stream()
                .map(group -> metrics.getMetricsByGroup(group).get(name))
                .mapToLong(gauge -> gauge == null
                        ? 0
                        : ((Gauge<? extends Number>) gauge).getValue().longValue())
                .sum();
    }

    /** Takes a savepoint of the running job. */
    public String savepoint(Path folder, SavepointFormatType format) throws Exception {
        // Flink refuses a savepoint while a task initializes.
        return await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(
                        () -> job.triggerSavepoint(folder.toUri().toString(), format)
                                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS),
                        path -> true);
    }

    /** Stops with a savepoint; all transactions are committed afterwards. */
    public String stop(Path folder) throws Exception {
        return stop(folder, SavepointFormatType.NATIVE);
    }

    public String stop(Path folder, SavepointFormatType format) throws Exception {
        // Flink refuses a savepoint while a task initializes.
        return await().atMost(TIMEOUT).ignoreExceptions().until(() -> stopOnce(folder, format), path -> true);
    }

    private String stopOnce(Path folder, SavepointFormatType format) throws Exception {
        return job.stopWithSavepoint(false, folder.toUri().toString(), format)
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Waits for the job to fail and returns the exception of its result. */
    public Throwable failure() throws Exception {
        try {
            job.getJobExecutionResult().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("the job did not fail");
        } catch (java.util.concurrent.ExecutionException e) {
            return e;
        }
    }

    @Override
    public void close() {
        if (job != null) {
            try {
                job.cancel().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                // The job has ended already.
            }
        }
    }
}
