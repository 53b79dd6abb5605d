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
 * Remembers a million trade ids that come within one retention, by ways of remembering them; then takes a full
 * checkpoint and restores it. Every id is new, which is what nearly all of them are.
 *
 * <p>The score is the whole invocation; what compares stands in the counters below it. Adding is measured in processor
 * time, which other work on the machine disturbs least. A way that has not added all ids after ten seconds of it is cut
 * off: {@code ids} says where.
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

    /** What holds the state. */
    public enum Backend {
        HEAP,
        ROCKSDB
    }

    @Param({"HEAP", "ROCKSDB"})
    public Backend backend;

    @Param({"MARKET", "PARTITIONS", "ONE", "DESCENDING", "RANDOM"})
    public IdOrder order;

    @Param({"B_TREE", "STATE_PER_ID", "ROARING", "DELTAS", "BIT_PAGES"})
    public WayToRemember way;

    @Param("1000000")
    public int ids;

    /** Of processor time, after which a way is cut off. */
    @Param("10")
    public int seconds;

    /** What compares. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Measured {
        /** How many were added. */
        public long ids;
        /** Of the thread that adds them. */
        public double nanosPerId;
        /** Of all threads, compaction and garbage collection too. */
        public double processNanosPerId;

        public double bytesPerId;
        /** For which the task stands still. */
        public double syncMillis;

        public double checkpointMillis;
        public double restoreMillis;
    }

    @Benchmark
    public void remember(Measured measured) throws Exception {
        Path folder = Files.createTempDirectory("seen-trades");
        IdKeeper keeper = new IdKeeper();
        OperatorSubtaskState state;
        try (var harness = IdKeeper.open(keeper, backend, null)) {
            add(way.open(keeper), harness::setStateTtlProcessingTime, measured);
            long start = System.nanoTime();
            var futures = keeper.checkpoint(folder);
            measured.syncMillis = millisSince(start);
            state = OperatorSnapshotFinalizer.create(futures).getJobManagerOwnedState();
            measured.checkpointMillis = millisSince(start);
            measured.bytesPerId = (double) state.getStateSize() / measured.ids;
        }
        long start = System.nanoTime();
        try (var restored = IdKeeper.open(new IdKeeper(), backend, state)) {
            measured.restoreMillis = millisSince(start);
        }
        FileUtils.deleteDirectory(folder.toFile());
    }

    private void add(WayToRemember.Ids seen, Clock clock, Measured measured) throws Exception {
        var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var threads = ManagementFactory.getThreadMXBean();
        Random random = new Random(1);
        long processStart = process.getProcessCpuTime();
        long start = threads.getCurrentThreadCpuTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        int added = 0;
        while (added < ids && threads.getCurrentThreadCpuTime() < end) {
            long now = added * WayToRemember.RETENTION.toMillis() / ids;
            clock.timeIs(now);
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
        void timeIs(long millis) throws Exception;
    }
}
