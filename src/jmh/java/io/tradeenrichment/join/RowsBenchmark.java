package io.tradeenrichment.join;

import io.tradeenrichment.StateStores;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.state.VersionOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * A million instruments and a million users in broadcast state: in buckets, and in a plain map from id to bytes, which
 * is the usual way. Measures the synchronous part of a checkpoint, and lookups. Prints the heap per row and slot.
 *
 * <pre>mvn -q -Pjmh test-compile exec:exec -Djmh.args="RowsBenchmark"</pre>
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@BenchmarkMode(Mode.AverageTime)
@Fork(value = 1, jvmArgs = "-Xmx8g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowsBenchmark {
    private static final int ROWS = 1_000_000;
    private static final int FRAGMENT = 40;
    private static final int LOOKUPS = 1_000;
    private static final MapStateDescriptor<Long, byte[]> PLAIN =
            new MapStateDescriptor<>("plain", Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    /** The layout of the rows in state. */
    public enum Layout {
        BUCKETS,
        PLAIN_MAP
    }

    @Param({"BUCKETS", "PLAIN_MAP"})
    Layout layout = Layout.BUCKETS;

    @Param({"1", "8"})
    int slots = 1;

    private OperatorStateBackend[] stores = {};
    private DimensionTable[] instruments = {};
    private DimensionTable[] users = {};
    private BroadcastState<Long, byte[]> plain;
    private long checkpoint;
    private long next;

    @Setup
    public void load() throws Exception {
        long before = usedHeap();
        stores = new OperatorStateBackend[slots];
        instruments = new DimensionTable[slots];
        users = new DimensionTable[slots];
        for (int slot = 0; slot < slots; slot++) {
            stores[slot] = StateStores.empty();
            if (layout == Layout.BUCKETS) {
                instruments[slot] = table(Dimension.INSTRUMENT, stores[slot]);
                users[slot] = table(Dimension.USER, stores[slot]);
            } else {
                plain = stores[slot].getBroadcastState(PLAIN);
                for (long id = 0; id < ROWS; id++) {
                    plain.put(id, fragment(Dimension.INSTRUMENT, id));
                    plain.put(id + ROWS, fragment(Dimension.USER, id));
                }
            }
        }
        System.out.printf(
                "%n%s, %d slots: %d bytes of heap for a row in each slot%n",
                layout, slots, (usedHeap() - before) / (2L * ROWS * slots));
    }

    private static DimensionTable table(Dimension dimension, OperatorStateBackend store) throws Exception {
        DimensionTable table = new DimensionTable(
                dimension, store.getBroadcastState(DimensionTable.descriptor(dimension)), VersionOrder.BY_RECORD, 1, 0);
        table.suspendInterning();
        for (long id = 0; id < ROWS; id++) {
            table.apply(new DimensionUpdate(dimension, id, 1, 1, fragment(dimension, id), 0, id));
        }
        table.intern();
        return table;
    }

    /** The part of a checkpoint in the task thread. */
    @Benchmark
    public void synchronousPart() throws Exception {
        stores[0]
                .snapshot(
                        ++checkpoint,
                        0,
                        new MemCheckpointStreamFactory(1 << 20),
                        CheckpointOptions.forCheckpointWithDefaultLocation())
                .cancel(false);
    }

    /** A thousand random lookups. */
    @Benchmark
    public long lookUp() throws Exception {
        long found = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            next = (next * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L);
            long id = (next >>> 33) % ROWS;
            byte[] row = layout == Layout.BUCKETS ? instruments[0].latest(id, null) : plain.get(id);
            found += row == null ? 0 : row.length;
        }
        return found;
    }

    @TearDown
    public void close() throws Exception {
        for (OperatorStateBackend store : stores) {
            store.dispose();
        }
    }

    /** Different for each dimension, so that the two dimensions share no buckets. */
    private static byte[] fragment(Dimension dimension, long id) {
        byte[] fragment = new byte[FRAGMENT];
        Arrays.fill(fragment, (byte) (dimension.equals(Dimension.USER) ? ~id : id));
        return fragment;
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
