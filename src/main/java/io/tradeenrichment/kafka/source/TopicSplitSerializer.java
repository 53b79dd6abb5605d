package io.tradeenrichment.kafka.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.Uuid;

/**
 * Version 1: the topic's id (16 bytes, zeros if unknown), then the split in the connector's version 0. Version 0 is the
 * connector's own, without an id. The savepoint reader reads the same layout.
 */
final class TopicSplitSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {
    private static final int WITH_ID = 1;
    private static final int ID_BYTES = 16;

    private final KafkaPartitionSplitSerializer connector = new KafkaPartitionSplitSerializer();

    @Override
    public int getVersion() {
        return WITH_ID;
    }

    @Override
    public byte[] serialize(KafkaPartitionSplit written) throws IOException {
        Uuid id = written instanceof TopicSplit known ? known.topicId() : Uuid.ZERO_UUID;
        byte[] connectorBytes = connector.serialize(written);
        return ByteBuffer.allocate(ID_BYTES + connectorBytes.length)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(connectorBytes)
                .array();
    }

    @Override
    public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
        if (version < WITH_ID) {
            return connector.deserialize(version, bytes);
        }
        if (version > WITH_ID || bytes.length < ID_BYTES) {
            throw new IOException("version " + version
                    + " of a Kafka source's split is not supported; a newer version of the job has written it");
        }
        ByteBuffer id = ByteBuffer.wrap(bytes);
        Uuid topic = new Uuid(id.getLong(), id.getLong());
        KafkaPartitionSplit read =
                connector.deserialize(connector.getVersion(), Arrays.copyOfRange(bytes, ID_BYTES, bytes.length));
        return topic.equals(Uuid.ZERO_UUID) ? read : new TopicSplit(read, topic);
    }
}
