package io.tradeenrichment.savepoint;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The offsets that a Kafka source has saved. */
final class SourceOffsets {
    /** The state of every source's splits; Flink's constant for this name is package-private. */
    static final String STATE = "SourceReaderState";

    private SourceOffsets() {}

    /** Returns the next offset by topic and partition. */
    static Map<String, Map<Integer, Long>> read(OperatorStateStore store) throws Exception {
        ListState<byte[]> splits =
                store.getListState(new ListStateDescriptor<>(STATE, BytePrimitiveArraySerializer.INSTANCE));
        var reader = new SplitReader();
        Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
        for (byte[] bytes : splits.get()) {
            KafkaPartitionSplit split = SimpleVersionedSerialization.readVersionAndDeSerialize(reader, bytes);
            offsets.computeIfAbsent(split.getTopic(), topic -> new TreeMap<>())
                    .put(split.getPartition(), split.getStartingOffset());
        }
        return offsets;
    }

    /** Reads the connector's split in version 0, and in version 1 the same after the topic's id (16 bytes). */
    private static final class SplitReader implements SimpleVersionedSerializer<KafkaPartitionSplit> {
        private static final int WITH_TOPIC_ID = 1;
        private static final int ID_BYTES = 16;

        private final KafkaPartitionSplitSerializer connector = new KafkaPartitionSplitSerializer();

        @Override
        public int getVersion() {
            return WITH_TOPIC_ID;
        }

        @Override
        public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
            if (version < WITH_TOPIC_ID) {
                return connector.deserialize(version, bytes);
            }
            if (version > WITH_TOPIC_ID || bytes.length < ID_BYTES) {
                throw new IOException("version " + version
                        + " of a Kafka source's split is not supported; a newer version of the job has written it");
            }
            return connector.deserialize(connector.getVersion(), Arrays.copyOfRange(bytes, ID_BYTES, bytes.length));
        }

        @Override
        public byte[] serialize(KafkaPartitionSplit split) {
            throw new UnsupportedOperationException("splits are only read here");
        }
    }
}
