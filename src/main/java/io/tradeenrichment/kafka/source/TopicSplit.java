package io.tradeenrichment.kafka.source;

import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A split with the id of its topic. */
final class TopicSplit extends KafkaPartitionSplit {
    private final Uuid topicId;

    TopicSplit(KafkaPartitionSplit split, Uuid topicId) {
        super(
                split.getTopicPartition(),
                split.getStartingOffset(),
                split.getStoppingOffset().orElse(NO_STOPPING_OFFSET));
        this.topicId = topicId;
    }

    Uuid topicId() {
        return topicId;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TopicSplit that && super.equals(other) && topicId.equals(that.topicId);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + topicId.hashCode();
    }
}
