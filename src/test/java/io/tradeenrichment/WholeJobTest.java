package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.embedded.AvroFiles;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.model.StandingRecords;
import io.tradeenrichment.types.ModelTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole job in Flink's mini cluster, failing once in mid-stream, against the oracle of {@link Scenario}. */
class WholeJobTest {
    /** The feeds move on by a part at each checkpoint, so that rows and trades interleave on a machine of any speed. */
    private static final int CHECKPOINTS = 6;

    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @TempDir
    private Path folder;

    @BeforeEach
    void failOnceMore() {
        FAILED.set(false);
    }

    @ParameterizedTest
    @CsvSource({"1, hashmap, 1", "2, rocksdb, 2", "4, hashmap, 3"})
    void writesExactlyWhatTheOracleSaysAcrossAFailure(int parallelism, String backend, long seed) throws Exception {
        Scenario scenario = new Scenario(seed);
        Map<String, Object> totals = run(seed, parallelism, backend);

        assertThat(FAILED).isTrue();
        Map<Long, List<GenericRecord>> written = enriched();
        assertThat(tradeIds(written)).isEqualTo(tradeIds(scenario.enriched()));
        assertThat(written).isEqualTo(scenario.enriched());
        assertThat(deadLetters()).isEqualTo(scenario.deadLetters());
        long enriched =
                scenario.enriched().values().stream().mapToLong(List::size).sum();
        long lettersOfTrades = scenario.deadLetters().stream()
                .filter(letter -> letter.startsWith(Feed.TRADES.name()))
                .count();
        assertThat(totals)
                .containsEntry(Account.TRADES_IN.title(), (long)
                        scenario.feed(Feed.TRADES).size())
                .containsEntry(Account.ENRICHED.title(), enriched)
                .containsEntry(Account.DUPLICATES.title(), (long) scenario.duplicates())
                .containsEntry(Account.DEAD_LETTERED.title(), lettersOfTrades)
                .containsEntry(Account.DROPPED.title(), 0L)
                .containsEntry(Account.PARKED.title(), 0L);
        // The oracle's world has something of everything, or this test would say little.
        assertThat(enriched).isGreaterThan(5_000);
        assertThat(scenario.duplicates()).isPositive();
        assertThat(scenario.deadLetters().toString())
                .contains("MALFORMED", "MISSING_INSTRUMENT", "MISSING_USER", "INSTRUMENTS", "USERS");
    }

    private Map<String, Object> run(long seed, int parallelism, String backend) throws Exception {
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
                stream(environment, seed, Feed.TRADES, parallelism)
                        .map(new FailsOnce(), ModelTypes.RECEIVED)
                        .uid("fails-once"),
                stream(environment, seed, Feed.INSTRUMENTS, 1),
                stream(environment, seed, Feed.USERS, 1),
                new Standing(seed));
        Topology.Outputs outputs = Topology.build(inputs, JobConfig.from(longWait()), Samples.WIRE, new byte[0]);
        Operator.ENRICHED_TRADES.tag(outputs.enriched()
                .sinkTo(AvroFiles.enrichedTrades(folder.toUri().toString())));
        Operator.DEAD_LETTERS.tag(
                outputs.rejected().sinkTo(AvroFiles.deadLetters(folder.toUri().toString())));
        JobExecutionResult result = environment.execute();
        return result.getAllAccumulatorResults();
    }

    /** No wait runs out during the test, however slow the machine: only the end of the input ends it. */
    private static Configuration longWait() {
        Configuration configuration = new Configuration();
        configuration.setString("join.wait.timeout", "1 h");
        return configuration;
    }

    private static DataStream<Received> stream(
            StreamExecutionEnvironment environment, long seed, Feed feed, int parallelism) {
        int records = new Scenario(seed).feed(feed).size();
        var source = new DataGeneratorSource<>(
                new RecordsOf(seed, feed),
                records,
                RateLimiterStrategy.perCheckpoint(records / CHECKPOINTS),
                ModelTypes.RECEIVED);
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), feed.title())
                .uid(feed.title())
                .setParallelism(parallelism);
    }

    private Map<Long, List<GenericRecord>> enriched() throws IOException {
        Map<Long, List<GenericRecord>> byInstrument = new TreeMap<>();
        for (Path file : files(AvroFiles.ENRICHED_TRADES)) {
            try (var trades = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
                for (GenericRecord trade : trades) {
                    byInstrument
                            .computeIfAbsent((Long) trade.get("instrument_id"), id -> new ArrayList<>())
                            .add(asRead(trade));
                }
            }
        }
        return byInstrument;
    }

    /** Strings as the oracle has them. */
    private static GenericRecord asRead(GenericRecord trade) {
        for (String field : List.of("instrument", "instrument_ticker", "user")) {
            trade.put(field, String.valueOf(trade.get(field)));
        }
        return trade;
    }

    private static String tradeIds(Map<Long, List<GenericRecord>> trades) {
        StringBuilder lines = new StringBuilder();
        trades.forEach((instrument, list) -> lines.append(instrument)
                .append(": ")
                .append(list.stream().map(trade -> trade.get("trade_id")).toList())
                .append('\n'));
        return lines.toString();
    }

    private List<String> deadLetters() throws IOException {
        List<String> letters = new ArrayList<>();
        for (Path file : files(AvroFiles.DEAD_LETTERS)) {
            try (var read = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
                for (GenericRecord letter : read) {
                    letters.add(Feed.valueOf(letter.get("feed").toString().toUpperCase(Locale.ROOT)) + " "
                            + letter.get("offset") + " " + letter.get("reason"));
                }
            }
        }
        letters.sort(null);
        return letters;
    }

    /** The files of one sink, in the order in which they were written: a checkpoint ends each. */
    private List<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve(name))) {
            return all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(WholeJobTest::written))
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

    private static final class RecordsOf implements GeneratorFunction<Long, Received> {
        private final long seed;
        private final Feed feed;
        private transient List<Received> records;

        RecordsOf(long seed, Feed feed) {
            this.seed = seed;
            this.feed = feed;
        }

        @Override
        public void open(SourceReaderContext context) {
            records = new Scenario(seed).feed(feed);
        }

        @Override
        public Received map(Long index) {
            return records.get(index.intValue());
        }
    }

    /** Reads its rows in initializeState, as a topic would be read. */
    private record Standing(long seed) implements StandingRecords {
        @Override
        public void readAll(Receiver receiver) throws Exception {
            for (Received record : new Scenario(seed).standing()) {
                receiver.record(record, false);
            }
        }
    }

    /** Throws once, in mid-stream, after a checkpoint that a part of the trades is behind. */
    private static final class FailsOnce implements MapFunction<Received, Received>, CheckpointListener {
        private int passed;
        private boolean checkpointed;

        @Override
        public Received map(Received trade) {
            passed++;
            if (checkpointed && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("fails once, as the test wants");
            }
            return trade;
        }

        @Override
        public void notifyCheckpointComplete(long id) {
            checkpointed = passed > 0;
        }
    }
}
