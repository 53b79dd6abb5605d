package io.tradeenrichment.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.RowBucket;
import io.tradeenrichment.state.RowVersions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** State in the layouts before ids could be texts is restored, written in the current layouts, and restored again. */
class EarlierLayoutsTest {
    private static final byte[] DATUM = {1, 2, 3};
    private static final SourceRecord RECORD = new SourceRecord(Feed.TRADES, 3, 1042, 5000, null, DATUM, List.of());
    private static final ParkedTrade INTEGERS =
            new ParkedTrade(new Trade(RECORD, DATUM, 1, -4, new long[] {1, 2, 3}, null, 0), 900);
    private static final ParkedTrade TEXTS = new ParkedTrade(
            new Trade(RECORD, DATUM, 1, -4, new long[] {1, 2, 0}, new byte[][] {null, text("SPY"), null}, 0b10), 901);

    private static final MapStateDescriptor<Integer, RowBucket> ROWS =
            new MapStateDescriptor<>("users", Types.INT, ModelTypes.ROW_BUCKET);
    private static final RowBucket INTEGER_ROWS =
            new RowBucket(new RowVersions(2).set(0, 7, 20, 6, 3, 1, null).set(1, 8, 30, 8, 0, 1 << 20, text("row")));
    private static final RowBucket TEXT_ROWS = new RowBucket(new RowVersions(2)
            .set(0, 7, text("a"), 20, 6, 3, 1, null)
            .set(1, 7, text("b"), 30, 8, 0, 1 << 20, text("row")));

    @ParameterizedTest
    @MethodSource("backends")
    void parkedTradesAreMigrated(StateBackend backend) throws Exception {
        OperatorSubtaskState first = run(backend, null, ParkedTradeSerializer.LAYOUT_1, parked -> {
            parked.put(5L, INTEGERS);
        });
        OperatorSubtaskState second = run(backend, first, ParkedTradeSerializer.INSTANCE, parked -> {
            assertThat(parked.get(5L)).usingRecursiveComparison().isEqualTo(INTEGERS);
            parked.put(6L, TEXTS);
        });
        run(backend, second, ParkedTradeSerializer.INSTANCE, parked -> {
            assertThat(parked.get(5L)).usingRecursiveComparison().isEqualTo(INTEGERS);
            assertThat(parked.get(6L)).usingRecursiveComparison().isEqualTo(TEXTS);
        });
    }

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    private static OperatorSubtaskState run(
            StateBackend backend, OperatorSubtaskState from, ParkedTradeSerializer serializer, Use use)
            throws Exception {
        var descriptor = new MapStateDescriptor<>("parked-trades", LongSerializer.INSTANCE, serializer);
        descriptor.enableTimeToLive(
                StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
        var function = new KeyedProcessFunction<Long, Long, Long>() {
            @Override
            public void processElement(Long key, Context context, Collector<Long> out) throws Exception {
                use.of(getRuntimeContext().getMapState(descriptor));
            }
        };
        try (var harness = new KeyedOneInputStreamOperatorTestHarness<Long, Long, Long>(
                new KeyedProcessOperator<>(function), key -> key, Types.LONG)) {
            harness.setStateBackend(backend);
            harness.setup();
            if (from != null) {
                harness.initializeState(from);
            }
            harness.open();
            harness.processElement(1L, 0);
            return harness.snapshot(1, 1);
        }
    }

    private interface Use {
        void of(MapState<Long, ParkedTrade> parked) throws Exception;
    }

    @Test
    void rowsAreMigrated() throws Exception {
        OperatorStateBackend restored = restored(layout3());
        assertThat(restored.getBroadcastState(ROWS).get(5)).isEqualTo(INTEGER_ROWS);
        restored.getBroadcastState(ROWS).put(6, TEXT_ROWS);
        OperatorStateBackend again = restored(snapshot(restored));
        assertThat(again.getBroadcastState(ROWS).get(5)).isEqualTo(INTEGER_ROWS);
        assertThat(again.getBroadcastState(ROWS).get(6)).isEqualTo(TEXT_ROWS);
    }

    /** Flink writes state that a job does not use with the serializer that read it. */
    @Test
    void rowsOfADimensionThatIsNotUsedStayReadable() throws Exception {
        OperatorStateBackend again = restored(snapshot(restored(layout3())));
        assertThat(again.getBroadcastState(ROWS).get(5)).isEqualTo(INTEGER_ROWS);
    }

    /** Rows without texts have the same bytes in layouts 3 and 4. Only the version in the header differs. */
    private static OperatorStateHandle layout3() throws Exception {
        OperatorStateBackend backend = restored(null);
        backend.getBroadcastState(ROWS).put(5, INTEGER_ROWS);
        OperatorStateHandle handle = snapshot(backend);
        byte[] bytes = ((ByteStreamStateHandle) handle.getDelegateStateHandle()).getData();
        String name = RowBucketSerializer.Snapshot.class.getName();
        int version = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name) + name.length() + 3;
        assertThat(bytes[version]).isEqualTo((byte) 4);
        bytes[version] = 3;
        return handle;
    }

    private static OperatorStateHandle snapshot(OperatorStateBackend backend) throws Exception {
        var future = backend.snapshot(
                1, 1, new MemCheckpointStreamFactory(1 << 16), CheckpointOptions.forCheckpointWithDefaultLocation());
        future.run();
        return future.get().getJobManagerOwnedSnapshot();
    }

    private static OperatorStateBackend restored(OperatorStateHandle handle) throws Exception {
        return new DefaultOperatorStateBackendBuilder(
                        EarlierLayoutsTest.class.getClassLoader(),
                        new ExecutionConfig(),
                        true,
                        handle == null ? List.of() : List.of(handle),
                        new CloseableRegistry())
                .build();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
