package io.tradeenrichment.cli.embedded;

import io.tradeenrichment.TradeEnrichmentJob;
import io.tradeenrichment.Wire;
import io.tradeenrichment.cli.terminal.Interrupt;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.registry.GivenSchemas;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.registry.SchemaFiles;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The command {@code embedded}: runs the job in this JVM until its input ends or Ctrl-C. Both flush all output, and the
 * last line of standard output holds the totals.
 */
public final class EmbeddedCommand {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

    private final Settings settings;
    private final JobConfig job;
    private final EmbeddedConfig config;
    private final JobSchemas schemas;
    private final List<String> writerSchemas;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    private EmbeddedCommand(Settings settings) throws InterruptedException {
        this.settings = settings;
        this.config = settings.bind(EmbeddedConfig::from);
        this.job = settings.bind(JobConfig::from);
        this.schemas = settings.withOrigin(() -> GivenSchemas.read(job, Optional.empty(), Feed::title));
        this.writerSchemas =
                settings.withOrigin(() -> SchemaFiles.read(job.wire().writerSchemaFiles(), schemas));
    }

    public static Command command() {
        Stream<OptionGroup> unused = Stream.concat(KafkaOptions.groups().stream(), RegistryOptions.groups().stream())
                .map(OptionGroup::hidden);
        return new Command(
                new CommandDescription(
                        "deploy/embedded",
                        "Joins generated trades with generated rows of the dimensions, in one JVM, and writes the"
                                + " enriched trades to Avro files. The last line of output holds the totals.",
                        Stream.of(JobOptions.groups().stream(), EmbeddedOptions.groups().stream(), unused)
                                .flatMap(groups -> groups)
                                .toList(),
                        List.of(
                                "--embedded.trades 5000000 --embedded.rate 100000",
                                "--embedded.late-share 0.01 --join.user.missing partial",
                                "--config conf/job.yaml --dedup.retention 10min")),
                settings -> new EmbeddedCommand(settings).run());
    }

    /** @throws IOException with one sentence if the run cannot start, or fails */
    private void run() throws IOException, InterruptedException {
        err.print(settings.effectiveListing());
        int port = WebPort.from(config.run().port(), err);
        Path folder = OutputFolder.create(config.run().output());
        String webUi = "http://localhost:" + port;
        StreamExecutionEnvironment environment = environment(port, folder);
        err.println("Web UI: " + webUi + "   Output: " + folder);
        try {
            JobClient client = environment.executeAsync(TradeEnrichmentJob.NAME);
            Interrupt interrupt = Interrupt.stoppingWith(() -> drain(client, folder));
            try {
                report(result(client, webUi), folder);
            } finally {
                interrupt.close();
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the run failed: " + Failures.rootCause(e), e);
        }
    }

    private StreamExecutionEnvironment environment(int port, Path folder) {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(
                EmbeddedCluster.configuration(config.run(), port, folder));
        TradeEnrichmentJob.show(settings, environment);
        TradeEnrichmentJob.define(
                environment,
                job,
                new EmbeddedConnectors(
                        config.workload().market(),
                        config.workload().rate(),
                        job.wire().keys(),
                        schemas,
                        folder.toUri().toString()),
                Wire.containerFiles(job.wire(), schemas, writerSchemas));
        return environment;
    }

    private JobExecutionResult result(JobClient client, String webUi) throws ExecutionException, InterruptedException {
        try (RunProgress progress = new RunProgress(client, webUi, err)) {
            progress.start();
            return client.getJobExecutionResult().get();
        }
    }

    private void report(JobExecutionResult result, Path folder) throws IOException {
        for (String sample : EnrichedSamples.from(
                folder.resolve(AvroFiles.ENRICHED_TRADES), config.run().samples())) {
            out.println(sample);
        }
        Totals totals = Totals.of(result.getAllAccumulatorResults());
        out.println(totals.json(result.getNetRuntime(TimeUnit.MILLISECONDS) / 1000.0, folder));
        out.flush();
        if (totals.unaccounted() != 0) {
            throw new IOException(totals.unaccounted() + " trades are not accounted for; this is a defect of the job");
        }
    }

    /** Ends the job as if its input had ended here. False if that failed. */
    private boolean drain(JobClient client, Path folder) {
        err.println();
        err.println("Stopping: the job processes what it has read, and flushes its output.");
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try {
            while (!isStopped(client, folder, deadline)) {
                Thread.sleep(RETRY_PAUSE.toMillis());
            }
            return true;
        } catch (ExecutionException | TimeoutException e) {
            err.println("The job could not be drained: " + Failures.rootCause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** False if it is too early: Flink refuses to stop a job while some of its tasks are starting. */
    private static boolean isStopped(JobClient client, Path folder, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            client.stopWithSavepoint(true, folder.resolve("savepoint").toUri().toString(), SavepointFormatType.NATIVE)
                    .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException refused) {
            if (System.nanoTime() > deadline) {
                throw refused;
            }
            return false;
        }
    }
}
