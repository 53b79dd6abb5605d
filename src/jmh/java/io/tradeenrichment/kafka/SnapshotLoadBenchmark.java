package io.tradeenrichment.kafka;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The load of the dimension snapshot from a real broker: reading the records alone, and a whole start of the job in two
 * subtasks, until the first enriched trade is committed.
 *
 * <pre>
 * mvn -q -f deploy/local/pom.xml package
 * mvn -q -Pjmh test-compile exec:exec -Djmh.args="SnapshotLoadBenchmark"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {
            "-Xmx2g",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-Dlog4j2.configurationFile=src/test/resources/log4j2-test.properties"
        })
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class SnapshotLoadBenchmark {

    /** Half of them instruments, half users. */
    @Param("1000000")
    int rows = 1_000_000;

    private Broker broker;
    private Topics dimensions;
    private Topics trades;

    @Setup
    public void sendRows() throws Exception {
        broker = Broker.start();
        dimensions = new Topics(broker).createAll();
        try (var producer = dimensions.producer()) {
            for (long id = 0; id < rows / 2; id++) {
                producer.send(dimensions.record(Samples.stockRecord(id, 1_000_000, "T" + id)));
                producer.send(dimensions.record(Samples.userRecord(id, 1_000_000, "user-" + id)));
            }
        }
    }

    /** Each run of the job has trades and output topics of its own. */
    @Setup(Level.Iteration)
    public void sendTrade() throws Exception {
        trades = new Topics(broker).createAll();
        trades.send(List.of(Samples.tradeRecord(1, rows / 2 - 1, rows / 2 - 1)));
    }

    @TearDown
    public void stop() throws Exception {
        broker.close();
    }

    /** One consumer, nothing decoded: what broker and network allow. */
    @Benchmark
    public int readRecords() throws Exception {
        var counter = new Counter();
        JobOnKafka.connectors(dimensions.settings(), false).snapshot().readAll(Set.copyOf(Dimension.BUNDLED), counter);
        if (counter.records != rows) {
            throw new IllegalStateException("read " + counter.records + " of " + rows + " records");
        }
        return counter.records;
    }

    @Benchmark
    public void startJob() throws Exception {
        Map<String, String> settings = trades.settings();
        settings.put("kafka.topics.instruments", dimensions.name("instruments"));
        settings.put("kafka.topics.users", dimensions.name("users"));
        try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
            trades.awaitEnriched(1);
        }
    }

    private static final class Counter implements SnapshotRecords.Receiver {
        private int records;

        @Override
        public void record(SourceRecord record, boolean comesAgain) {
            records++;
        }

        @Override
        public void readUpTo(Dimension dimension, int partition, long next) {}
    }
}
