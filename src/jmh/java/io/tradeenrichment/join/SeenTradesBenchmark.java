package io.tradeenrichment.join;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.util.FileUtils;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Stores a million trade ids within one retention with each strategy, then takes a full checkpoint and restores it.
 * Every id is new, as nearly all ids are.
 *
 * <p>The score is the whole invocation; compare the counters below it. Adding is measured in processor time, which
 * other work on the machine affects least. A strategy that has not added all ids after ten seconds is stopped:
 * {@code ids} is how many it has added.
 *
 * <pre>mvn -q -Pjmh test-compile exec:exec -Djmh.args="SeenTradesBenchmark -p backend=ROCKSDB -p order=MARKET"</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xmx3g",
            "-XX:+UseParallelGC",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED"
        })
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class SeenTradesBenchmark {
    private static final int STEP = 1000;

    /** The state backend. */
    public enum Backend {
        HEAP,
        ROCKSDB
    }

    @Param({"HEAP", "ROCKSDB"})
    public Backend backend;

    @Param({"MARKET", "PARTITIONS", "ONE", "DESCENDING", "RANDOM"})
    public IdOrder order;

    @Param({"B_TREE", "STATE_PER_ID", "ROARING", "DELTAS", "BIT_PAGES"})
    public DedupStrategy strategy;

    @Param("1000000")
    public int ids;

    /** Processor time after which a strategy is stopped. */
    @Param("10")
    public int seconds;

    /** The counters to compare. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Measured {
        /** The number of added ids. */
        public long ids;
        /** Processor time of the adding thread. */
        public double nanosPerId;
        /** Processor time of all threads, including compaction and garbage collection. */
        public double processNanosPerId;

        public double bytesPerId;
        /** The synchronous part, during which the task is blocked. */
        public double syncMillis;

        public double checkpointMillis;
        public double restoreMillis;
    }

    @Benchmark
    public void deduplicate(Measured measured) throws Exception {
        Path folder = Files.createTempDirectory("seen-trades");
        DedupOperator operator = new DedupOperator();
        OperatorSubtaskState state;
        try (var harness = DedupOperator.open(operator, backend, null)) {
            add(strategy.open(operator), harness::setStateTtlProcessingTime, measured);
            long start = System.nanoTime();
            var futures = operator.checkpoint(folder);
            measured.syncMillis = millisSince(start);
            state = OperatorSnapshotFinalizer.create(futures).getJobManagerOwnedState();
            measured.checkpointMillis = millisSince(start);
            measured.bytesPerId = (double) state.getStateSize() / measured.ids;
        }
        long start = System.nanoTime();
        try (var restored = DedupOperator.open(new DedupOperator(), backend, state)) {
            measured.restoreMillis = millisSince(start);
        }
        FileUtils.deleteDirectory(folder.toFile());
    }

    private void add(DedupStrategy.Ids seen, Clock clock, Measured measured) throws Exception {
        var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var threads = ManagementFactory.getThreadMXBean();
        Random random = new Random(1);
        long processStart = process.getProcessCpuTime();
        long start = threads.getCurrentThreadCpuTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        int added = 0;
        while (added < ids && threads.getCurrentThreadCpuTime() < end) {
            long now = added * DedupStrategy.RETENTION.toMillis() / ids;
            clock.advanceTo(now);
            for (int step = 0; step < STEP; step++, added++) {
                if (!seen.add(order.instrument(random), order.id(added, random), now)) {
                    throw new IllegalStateException("new id " + added + " was taken for a repeated one");
                }
            }
        }
        measured.ids = added;
        measured.nanosPerId = (double) (threads.getCurrentThreadCpuTime() - start) / added;
        measured.processNanosPerId = (double) (process.getProcessCpuTime() - processStart) / added;
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private interface Clock {
        void advanceTo(long millis) throws Exception;
    }
}
