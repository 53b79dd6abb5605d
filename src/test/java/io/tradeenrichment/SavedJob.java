package io.tradeenrichment;

import io.tradeenrichment.cli.preflight.PreflightCommand;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.join.SavedJoin;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.function.ThrowingConsumer;
import org.apache.kafka.common.TopicPartition;

/** Writes a savepoint of the job from the states of its operators. */
final class SavedJob {
    static final Map<String, String> SETTINGS =
            Map.of("kafka.bootstrap.servers", "unused.invalid:9092", "kafka.transactional-id-prefix", "test.");

    private final Map<String, OperatorState> operators = new LinkedHashMap<>();

    /** @param join the state of the join; the other operators have some state */
    SavedJob(OperatorSubtaskState join) throws Exception {
        for (JobVertex vertex : graph().getVertices()) {
            for (OperatorIDPair id : vertex.getOperatorIDs()) {
                add(id.getUserDefinedOperatorName(), id.getUserDefinedOperatorUid(), id.getGeneratedOperatorID());
            }
        }
        with(Operator.TRADE_JOIN.uid(), join);
        with(Operator.DECODE_TRADES.uid(), operatorState(store -> {
            Ledger ledger = new Ledger(store, Account.TRADES_IN);
            ledger.enter(Account.TRADES_IN, SavedJoin.TRADES_IN);
            ledger.snapshot();
        }));
    }

    private static JobGraph graph() {
        Settings settings = Settings.of(JobSettings.description(), SETTINGS, "the test");
        return PreflightCommand.plan(
                        StreamExecutionEnvironment.createLocalEnvironment(1),
                        JobSettings.from(settings),
                        JobSchemas.bundled())
                .graph()
                .getJobGraph();
    }

    private void add(String name, String uid, OperatorID id) {
        var state = new OperatorState(name, uid, id, 1, SavedJoin.MAX_PARALLELISM);
        state.setCoordinatorState(new ByteStreamStateHandle(uid, new byte[] {1}));
        operators.put(uid, state);
    }

    /** Replaces the state of an operator. */
    SavedJob with(String uid, OperatorSubtaskState subtask) {
        OperatorState old = operators.get(uid);
        var state = new OperatorState(
                old.getOperatorName().orElseThrow(), uid, old.getOperatorID(), 1, SavedJoin.MAX_PARALLELISM);
        state.putState(0, subtask);
        operators.put(uid, state);
        return this;
    }

    SavedJob without(Operator operator) {
        operators.remove(operator.uid());
        return this;
    }

    /** Adds an operator that the job does not have. */
    SavedJob withOperator(String name, String uid) {
        add(name, uid, new OperatorID(uid.hashCode(), 1));
        return this;
    }

    String writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var out = Files.newOutputStream(folder.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(41, operators.values(), List.of()), out);
        }
        return folder.toString();
    }

    /** The state of a source. */
    static OperatorSubtaskState readUpTo(String topic, int partition, long offset) throws Exception {
        var split = new KafkaPartitionSplit(new TopicPartition(topic, partition), offset);
        byte[] bytes =
                SimpleVersionedSerialization.writeVersionAndSerialize(new KafkaPartitionSplitSerializer(), split);
        return operatorState(store -> store.getListState(
                        new ListStateDescriptor<>("SourceReaderState", BytePrimitiveArraySerializer.INSTANCE))
                .add(bytes));
    }

    /** The state of an operator without keyed state. */
    static OperatorSubtaskState operatorState(ThrowingConsumer<OperatorStateStore, Exception> content)
            throws Exception {
        try (OperatorStateBackend backend = StateStores.empty()) {
            content.accept(backend);
            var written = backend.snapshot(
                    1,
                    1,
                    new MemCheckpointStreamFactory(1 << 20),
                    CheckpointOptions.forCheckpointWithDefaultLocation());
            written.run();
            return withOperatorState(written.get().getJobManagerOwnedSnapshot());
        }
    }

    static OperatorSubtaskState withOperatorState(OperatorStateHandle handle) {
        return OperatorSubtaskState.builder().setManagedOperatorState(handle).build();
    }
}
