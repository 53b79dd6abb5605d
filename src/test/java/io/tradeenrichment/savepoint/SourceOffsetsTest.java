package io.tradeenrichment.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.tradeenrichment.StateStores;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SourceOffsetsTest {
    @Test
    void readsSplitsWithAndWithoutTheTopicsId() throws Exception {
        try (OperatorStateBackend store = StateStores.empty()) {
            add(store, versioned(0, connector("trades", 0, 7)));
            byte[] split = connector("trades", 2, 8);
            add(
                    store,
                    versioned(
                            1,
                            ByteBuffer.allocate(16 + split.length)
                                    .putLong(1)
                                    .putLong(2)
                                    .put(split)
                                    .array()));
            add(store, versioned(0, connector("users", 1, 9)));

            assertThat(SourceOffsets.read(store))
                    .isEqualTo(Map.of("trades", Map.of(0, 7L, 2, 8L), "users", Map.of(1, 9L)));
        }
    }

    @Test
    void rejectsSplitsOfANewerVersion() throws Exception {
        try (OperatorStateBackend store = StateStores.empty()) {
            add(store, versioned(2, new byte[40]));

            assertThatIOException()
                    .isThrownBy(() -> SourceOffsets.read(store))
                    .withMessageStartingWith("version 2 of a Kafka source's split is not supported");
        }
    }

    private static void add(OperatorStateBackend store, byte[] bytes) throws Exception {
        store.getListState(new ListStateDescriptor<>("SourceReaderState", BytePrimitiveArraySerializer.INSTANCE))
                .add(bytes);
    }

    private static byte[] connector(String topic, int partition, long offset) throws Exception {
        return new KafkaPartitionSplitSerializer()
                .serialize(new KafkaPartitionSplit(new TopicPartition(topic, partition), offset));
    }

    /** In the layout of Flink's SimpleVersionedSerialization. */
    private static byte[] versioned(int version, byte[] bytes) {
        return ByteBuffer.allocate(8 + bytes.length)
                .putInt(version)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }
}
