package io.tradeenrichment.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.preflight.PreflightOptions;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.join.SavedJoin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SavepointReaderTest {
    private static final JobUids UIDS = new JobUids("join", "decoder", Set.of(), Set.of());

    @TempDir
    private Path folder;

    /** With a part for each key group, nothing is counted twice or omitted. */
    @ParameterizedTest
    @EnumSource(SavepointFormatType.class)
    void countsKeyedStateInPartsAsAtOnce(SavepointFormatType format) throws Exception {
        var join = new OperatorState("Join", "join", new OperatorID(1, 1), 1, SavedJoin.MAX_PARALLELISM);
        join.putState(0, SavedJoin.keyedBy(KeyBy.TRADE_ID, new HashMapStateBackend(), SavepointType.savepoint(format)));
        try (var out = Files.newOutputStream(folder.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(1, List.of(join), List.of()), out);
        }
        Savepoint savepoint = Savepoint.open(PreflightOptions.SAVEPOINT, folder.toString());

        SavepointContents inParts = SavepointReader.read(savepoint, UIDS, 1);

        assertThat(inParts.seenIds()).isEqualTo(4);
        assertThat(inParts.parkedTrades()).isEqualTo(1);
        assertThat(inParts).isEqualTo(SavepointReader.read(savepoint, UIDS));
    }
}
