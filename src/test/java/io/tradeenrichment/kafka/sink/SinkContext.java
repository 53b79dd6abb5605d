package io.tradeenrichment.kafka.sink;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;

/** The second of two subtasks. */
final class SinkContext implements KafkaSinkContext {
    @Override
    public int getParallelInstanceId() {
        return 1;
    }

    @Override
    public int getNumberOfParallelInstances() {
        return 2;
    }

    @Override
    public int[] getPartitionsForTopic(String topic) {
        return new int[] {0};
    }
}
