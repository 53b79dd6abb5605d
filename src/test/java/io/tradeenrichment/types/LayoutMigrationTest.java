package io.tradeenrichment.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The complete change of a layout, on a type for this test: a note whose first layout has no writer. A new version of
 * the job migrates the old layout, and an old version refuses the new layout.
 */
class LayoutMigrationTest {
    private static final String NO_WRITER = "";

    private enum Backend {
        HEAP,
        ROCKSDB;

        StateBackend create() {
            return this == HEAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
        }
    }

    @AfterEach
    void resetToTheFirstLayout() {
        NoteSerializer.newest = 1;
    }

    @ParameterizedTest
    @EnumSource
    void aNewVersionMigratesTheOldLayoutInEveryKindOfState(Backend backend) throws Exception {
        NoteSerializer.newest = 1;
        OperatorSubtaskState first = run(backend, null, notebook -> {
            notebook.add(1, new Note("sell", NO_WRITER));
            notebook.add(2, new Note("buy", NO_WRITER));
        });

        NoteSerializer.newest = 2;
        OperatorSubtaskState second = run(backend, first, notebook -> {
            assertThat(notebook.all(1)).containsExactly(new Note("sell", NO_WRITER), new Note("sell", NO_WRITER));
            assertThat(notebook.all(2)).containsExactly(new Note("buy", NO_WRITER), new Note("buy", NO_WRITER));
            assertThat(notebook.ofOperator())
                    .containsExactlyInAnyOrder(new Note("sell", NO_WRITER), new Note("buy", NO_WRITER));
            notebook.add(2, new Note("hold", "ann"));
        });

        run(backend, second, notebook -> {
            assertThat(notebook.all(1)).containsExactly(new Note("sell", NO_WRITER), new Note("sell", NO_WRITER));
            assertThat(notebook.all(2)).containsExactly(new Note("hold", "ann"), new Note("hold", "ann"));
            assertThat(notebook.ofOperator()).contains(new Note("hold", "ann")).hasSize(3);
        });
    }

    @ParameterizedTest
    @EnumSource
    void anOldVersionRefusesTheNewLayout(Backend backend) throws Exception {
        NoteSerializer.newest = 2;
        OperatorSubtaskState state = run(backend, null, notebook -> notebook.add(1, new Note("sell", "ann")));

        NoteSerializer.newest = 1;
        assertThatThrownBy(() -> run(backend, state, notebook -> notebook.all(1)))
                .hasStackTraceContaining(
                        "knows the layouts 1 to 1, but the state has 2: it was written by a newer version of the job");
    }

    private static OperatorSubtaskState run(Backend backend, OperatorSubtaskState from, Use use) throws Exception {
        var notebook = new Notebook();
        try (var harness = new KeyedOneInputStreamOperatorTestHarness<Long, Long, Long>(
                new KeyedProcessOperator<>(notebook), key -> key, Types.LONG)) {
            harness.setStateBackend(backend.create());
            harness.setup();
            if (from != null) {
                harness.initializeState(from);
            }
            harness.open();
            use.of(new Keyed(harness, notebook));
            return harness.snapshot(1, 1);
        }
    }

    private interface Use {
        void of(Keyed notebook) throws Exception;
    }

    /** The notebook with a current key. */
    private record Keyed(KeyedOneInputStreamOperatorTestHarness<Long, Long, Long> harness, Notebook notebook) {
        void add(long key, Note note) throws Exception {
            harness.getOperator().setCurrentKey(key);
            notebook.value.update(note);
            notebook.map.put(key, note);
            notebook.list.add(note);
        }

        List<Note> all(long key) throws Exception {
            harness.getOperator().setCurrentKey(key);
            return List.of(notebook.value.value(), notebook.map.get(key));
        }

        Iterable<Note> ofOperator() throws Exception {
            return notebook.list.get();
        }
    }

    /** Notes in keyed value and map state, and in operator state. */
    private static final class Notebook extends KeyedProcessFunction<Long, Long, Long> implements CheckpointedFunction {
        private ValueState<Note> value;
        private MapState<Long, Note> map;
        private ListState<Note> list;

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            var keyed = context.getKeyedStateStore();
            value = keyed.getState(new ValueStateDescriptor<>("note", new NoteSerializer(NoteSerializer.newest)));
            map = keyed.getMapState(new MapStateDescriptor<>(
                    "notes",
                    Types.LONG.createSerializer(new SerializerConfigImpl()),
                    new NoteSerializer(NoteSerializer.newest)));
            list = context.getOperatorStateStore()
                    .getListState(new ListStateDescriptor<>("all-notes", new NoteSerializer(NoteSerializer.newest)));
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {
            // The notes are in state already.
        }

        @Override
        public void processElement(Long key, Context context, Collector<Long> out) {
            throw new UnsupportedOperationException("notes are added one by one");
        }
    }

    private record Note(String text, String writer) {}

    /** Layout 2: text (bytes), writer (bytes). Layout 1 had no writer. */
    static final class NoteSerializer extends ValueSerializer<Note> {
        /** The layout that the running version of the job writes. */
        static int newest = 1;

        private final int layout;

        NoteSerializer(int layout) {
            this.layout = layout;
        }

        @Override
        public void serialize(Note note, DataOutputView target) throws IOException {
            writeBytes(note.text().getBytes(StandardCharsets.UTF_8), target);
            if (layout > 1) {
                writeBytes(note.writer().getBytes(StandardCharsets.UTF_8), target);
            }
        }

        @Override
        public Note deserialize(DataInputView source) throws IOException {
            String text = new String(readPresentBytes(source), StandardCharsets.UTF_8);
            return new Note(
                    text, layout > 1 ? new String(readPresentBytes(source), StandardCharsets.UTF_8) : NO_WRITER);
        }

        @Override
        public TypeSerializerSnapshot<Note> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Part of every savepoint. */
        public static final class Snapshot extends LayoutSnapshot<Note> {
            public Snapshot() {
                super(newest, () -> new NoteSerializer(newest));
            }

            @Override
            protected TypeSerializer<Note> serializerOf(int layout) {
                return new NoteSerializer(layout);
            }
        }
    }
}
