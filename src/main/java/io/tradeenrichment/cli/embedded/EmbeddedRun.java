package io.tradeenrichment.cli.embedded;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.settings.Failures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs a job in this JVM, with Flink's web UI beside it, until its input ends or someone presses Ctrl-C. Either way
 * everything is flushed, and the last line of standard output holds the totals.
 */
public final class EmbeddedRun {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
    private static final MemorySize STATE_MEMORY = MemorySize.ofMebiBytes(256);

    private final EmbeddedConfig.Run config;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param out takes the result: samples, then one line of JSON
     * @param err takes what is said along the way
     */
    public EmbeddedRun(EmbeddedConfig.Run config, PrintStream out, PrintStream err) {
        this.config = config;
        this.out = out;
        this.err = err;
    }

    /** Puts the job together in an environment; its files go into the given folder. */
    public interface Job {
        void define(StreamExecutionEnvironment environment, String folder);
    }

    /**
     * Returns when the run has ended.
     *
     * @throws IOException with one sentence if it cannot begin, or ends otherwise than it should
     */
    public void run(Job definition) throws IOException, InterruptedException {
        int port = WebPort.from(config.port(), err);
        Path folder = OutputFolder.create(config.output());
        String webUi = "http://localhost:" + port;

        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(cluster(port, folder));
        definition.define(environment, folder.toUri().toString());
        err.println("Web UI: " + webUi + "   Output: " + folder);

        CountDownLatch ended = new CountDownLatch(1);
        try {
            JobClient job = environment.executeAsync("trade-enrichment");
            Thread onInterrupt = new Thread(() -> drain(job, folder, ended), "drain-on-interrupt");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            JobExecutionResult result;
            try (StatusLine status = new StatusLine(job, webUi, err)) {
                status.begin();
                result = job.getJobExecutionResult().get();
            }
            report(result, folder);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the run failed: " + Failures.rootCause(e), e);
        } finally {
            ended.countDown();
        }
    }

    private Configuration cluster(int port, Path folder) {
        Configuration cluster = new Configuration();
        cluster.set(CoreOptions.DEFAULT_PARALLELISM, config.parallelism());
        cluster.set(PipelineOptions.OBJECT_REUSE, true);
        cluster.set(
                StateBackendOptions.STATE_BACKEND, config.stateBackend().name().toLowerCase(Locale.ROOT));
        cluster.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, STATE_MEMORY);
        // Nearly every trade id is looked for and not found; a filter spares the search through the files.
        cluster.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.checkpointInterval());
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        cluster.set(RestOptions.PORT, port);
        cluster.set(RestOptions.BIND_PORT, String.valueOf(port));
        // The web UI has no password: nobody else on the network, and no other page in the browser, may use it.
        cluster.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        cluster.set(RestOptions.ADDRESS, LOOPBACK);
        cluster.set(WebOptions.SUBMIT_ENABLE, false);
        cluster.set(WebOptions.ACCESS_CONTROL_ALLOW_ORIGIN, "http://localhost:" + port);
        // Totals travel with heartbeats, and the status line wants them fresh.
        cluster.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(500));
        return cluster;
    }

    private void report(JobExecutionResult result, Path folder) throws IOException {
        Totals totals = Totals.of(result.getAllAccumulatorResults());
        for (String sample : EnrichedSamples.from(folder.resolve(AvroFiles.ENRICHED_TRADES), config.samples())) {
            out.println(sample);
        }
        double seconds = result.getNetRuntime(TimeUnit.MILLISECONDS) / 1000.0;
        Map<String, Object> line = new LinkedHashMap<>();
        for (Account account : Account.values()) {
            line.put(account.title(), totals.of(account));
        }
        line.put("unaccounted", totals.unaccounted());
        line.put("seconds", seconds);
        line.put("trades_per_second", Math.round(totals.of(Account.TRADES_IN) / seconds));
        line.put("output", folder.toString());
        out.println(new ObjectMapper().writeValueAsString(line));
        out.flush();
        if (totals.unaccounted() != 0) {
            throw new IOException(totals.unaccounted() + " trades are not accounted for; this is a defect of the job");
        }
    }

    /** Ends the job as if its input had ended here, and lets the JVM go when the totals are told. */
    private void drain(JobClient job, Path folder, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        err.println();
        err.println("Stopping: what has been read is finished and flushed.");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!stops(job, folder, deadline)) {
                Thread.sleep(BETWEEN_TRIES.toMillis());
            }
            ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            err.println("It could not be drained: " + Failures.rootCause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if it is too early: Flink refuses to stop a job while some of its tasks are still starting. */
    private static boolean stops(JobClient job, Path folder, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            job.stopWithSavepoint(true, folder.resolve("savepoint").toUri().toString(), SavepointFormatType.NATIVE)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException refused) {
            if (System.nanoTime() > deadline) {
                throw refused;
            }
            return false;
        }
    }
}
