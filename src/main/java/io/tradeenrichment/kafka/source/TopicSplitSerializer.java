package io.tradeenrichment.kafka.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.Uuid;

/**
 * Version 1: the topic's id (16, zeros if it is not known), then the split as the connector writes it in its version 0.
 * Version 0 is the connector's own, without an id.
 */
final class TopicSplitSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {
    private static final int WITH_ID = 1;
    private static final int ID_BYTES = 16;

    private final KafkaPartitionSplitSerializer split = new KafkaPartitionSplitSerializer();

    @Override
    public int getVersion() {
        return WITH_ID;
    }

    @Override
    public byte[] serialize(KafkaPartitionSplit of) throws IOException {
        Uuid id = of instanceof TopicSplit known ? known.topicId() : Uuid.ZERO_UUID;
        byte[] connectors = split.serialize(of);
        return ByteBuffer.allocate(ID_BYTES + connectors.length)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(connectors)
                .array();
    }

    @Override
    public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
        if (version < WITH_ID) {
            return split.deserialize(version, bytes);
        }
        if (version > WITH_ID || bytes.length < ID_BYTES) {
            throw new IOException("the position of a topic's partition was written in version " + version
                    + ", by a newer version of the job");
        }
        ByteBuffer id = ByteBuffer.wrap(bytes);
        Uuid topic = new Uuid(id.getLong(), id.getLong());
        KafkaPartitionSplit read =
                split.deserialize(split.getVersion(), Arrays.copyOfRange(bytes, ID_BYTES, bytes.length));
        return topic.equals(Uuid.ZERO_UUID) ? read : new TopicSplit(read, topic);
    }
}
