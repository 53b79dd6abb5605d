package io.tradeenrichment.kafka.source;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerialization;

/** How far a feed had been read when its state was saved; for reading a savepoint. */
public final class SourceOffsets {
    /** Under this name Flink keeps every source's splits; it has no door to it. */
    public static final String STATE = "SourceReaderState";

    private SourceOffsets() {}

    /** The next offset of each partition of each topic, as the subtasks have it whose state the store holds. */
    public static Map<String, Map<Integer, Long>> read(OperatorStateStore store) throws Exception {
        ListState<byte[]> splits =
                store.getListState(new ListStateDescriptor<>(STATE, BytePrimitiveArraySerializer.INSTANCE));
        var serializer = new TopicSplitSerializer();
        Map<String, Map<Integer, Long>> positions = new TreeMap<>();
        for (byte[] bytes : splits.get()) {
            KafkaPartitionSplit split = SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, bytes);
            positions
                    .computeIfAbsent(split.getTopic(), topic -> new TreeMap<>())
                    .put(split.getPartition(), split.getStartingOffset());
        }
        return positions;
    }
}
