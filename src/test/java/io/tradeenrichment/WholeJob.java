package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.embedded.AvroFiles;
import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.types.ModelTypes;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The whole job in Flink's mini cluster, between lists of records and Avro files. */
final class WholeJob {
    /** Each checkpoint releases a part of every feed, so that rows and trades interleave on a machine of any speed. */
    private static final int CHECKPOINTS = 6;

    private static final AtomicBoolean FAILED = new AtomicBoolean();

    private final Path folder;
    private final Input input;
    private final Map<String, String> settings;

    WholeJob(Path folder, Input input, Map<String, String> settings) {
        this.folder = folder;
        this.input = input;
        this.settings = settings;
    }

    /** The records of all feeds; created again in each task, always the same. */
    interface Input extends Serializable {
        /** The records that are present at the first start. */
        List<SourceRecord> snapshot();

        List<SourceRecord> feed(Feed feed);
    }

    /** Runs the job to the end of its input, with one failure before that, and returns the totals. */
    Map<String, Object> runFailingOnce(int parallelism, String backend) throws Exception {
        FAILED.set(false);
        Map<String, Object> totals = run(parallelism, backend);
        assertThat(FAILED).isTrue();
        return totals;
    }

    private Map<String, Object> run(int parallelism, String backend) throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
        cluster.set(StateBackendOptions.STATE_BACKEND, backend);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        cluster.set(PipelineOptions.GENERIC_TYPES, false);
        cluster.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        var environment = StreamExecutionEnvironment.createLocalEnvironment(parallelism, cluster);
        var inputs = new Topology.Inputs(
                stream(environment, Feed.TRADES, parallelism)
                        .map(new FailsOnce(), ModelTypes.SOURCE_RECORD)
                        .uid("fails-once"),
                Map.of(
                        Dimension.INSTRUMENT,
                        stream(environment, Feed.INSTRUMENTS, 1),
                        Dimension.USER,
                        stream(environment, Feed.USERS, 1)),
                new Snapshot(input),
                EndOffsets.GENERATED);
        Topology.Outputs outputs = Topology.build(inputs, config(), Samples.WIRE, EnrichedLayout.bundled(new byte[0]));
        Operator.ENRICHED_TRADES.tag(outputs.enriched()
                .sinkTo(AvroFiles.enrichedTrades(folder.toUri().toString(), JobSchemas.bundled())));
        Operator.DEAD_LETTERS.tag(
                outputs.rejected().sinkTo(AvroFiles.deadLetters(folder.toUri().toString())));
        JobExecutionResult result = environment.execute();
        return result.getAllAccumulatorResults();
    }

    private JobConfig config() {
        CommandDescription program = new CommandDescription("test", "", JobOptions.groups(), List.of());
        return Settings.of(program, settings, "the test").bind(JobConfig::from);
    }

    private DataStream<SourceRecord> stream(StreamExecutionEnvironment environment, Feed feed, int parallelism) {
        int records = input.feed(feed).size();
        var source = new DataGeneratorSource<>(
                new RecordsOf(input, feed),
                records,
                RateLimiterStrategy.perCheckpoint(records / CHECKPOINTS),
                ModelTypes.SOURCE_RECORD);
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), feed.title())
                .uid(feed.title())
                .setParallelism(parallelism);
    }

    /** In the order of writing. */
    List<GenericRecord> enriched() throws IOException {
        List<GenericRecord> all = new ArrayList<>();
        for (Path file : files(AvroFiles.ENRICHED_TRADES)) {
            try (var trades = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
                for (GenericRecord trade : trades) {
                    all.add(asRead(trade));
                }
            }
        }
        return all;
    }

    /** Replaces Avro's strings by Java's, which the oracle has. */
    private static GenericRecord asRead(GenericRecord trade) {
        for (String field : List.of("instrument", "instrument_ticker", "user")) {
            trade.put(field, String.valueOf(trade.get(field)));
        }
        return trade;
    }

    /** Feed, offset and reason of each, sorted. */
    List<String> deadLetters() throws IOException {
        List<String> letters = new ArrayList<>();
        for (Path file : files(AvroFiles.DEAD_LETTERS)) {
            try (var read = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
                for (GenericRecord letter : read) {
                    letters.add(letter.get("feed") + " " + letter.get("offset") + " " + letter.get("reason"));
                }
            }
        }
        letters.sort(null);
        return letters;
    }

    /** The files of one sink in the order of writing; each ends at a checkpoint. */
    private List<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve(name))) {
            return all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(WholeJob::written))
                    .toList();
        }
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class RecordsOf implements GeneratorFunction<Long, SourceRecord> {
        private final Input input;
        private final Feed feed;
        private transient List<SourceRecord> records;

        RecordsOf(Input input, Feed feed) {
            this.input = input;
            this.feed = feed;
        }

        @Override
        public void open(SourceReaderContext context) {
            records = input.feed(feed);
        }

        @Override
        public SourceRecord map(Long index) {
            return records.get(index.intValue());
        }
    }

    /** Loads its rows in initializeState, as a topic is read. */
    private record Snapshot(Input input) implements SnapshotRecords {
        @Override
        public void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception {
            for (SourceRecord record : input.snapshot()) {
                receiver.record(record, false);
            }
        }
    }

    /** Throws once, after a checkpoint that covers a part of the trades. */
    private static final class FailsOnce implements MapFunction<SourceRecord, SourceRecord>, CheckpointListener {
        private int passed;
        private boolean checkpointed;

        @Override
        public SourceRecord map(SourceRecord trade) {
            passed++;
            if (checkpointed && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("the failure of the test");
            }
            return trade;
        }

        @Override
        public void notifyCheckpointComplete(long id) {
            checkpointed = passed > 0;
        }
    }
}
