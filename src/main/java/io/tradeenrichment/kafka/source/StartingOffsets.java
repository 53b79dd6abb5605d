package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.client.SourceConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a source starts; the enumerator applies it to each new partition once. Unlike the connector's own initializers,
 * these never reset the consumer later: an offset that is gone, because its topic was truncated or recreated, is an
 * error.
 */
abstract class StartingOffsets implements OffsetsInitializer {

    /** The starting offsets of the trades. */
    static StartingOffsets of(SourceConfig config) {
        return switch (config.startupMode()) {
            case EARLIEST -> specified(Map.of());
            case LATEST -> new LatestOrTimestamp(null);
            case TIMESTAMP -> new LatestOrTimestamp(config.startTimestamp());
            case COMMITTED -> new Committed();
        };
    }

    /** A partition without an offset starts at its beginning. */
    static StartingOffsets specified(Map<TopicPartition, Long> offsets) {
        return new Specified(offsets);
    }

    @Override
    @SuppressWarnings("deprecation") // The connector's interface returns this type.
    public final OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }

    private static final class Specified extends StartingOffsets {
        private final Map<TopicPartition, Long> offsets;

        Specified(Map<TopicPartition, Long> offsets) {
            this.offsets = Map.copyOf(offsets);
        }

        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
            Map<TopicPartition, Long> starts = new HashMap<>();
            for (TopicPartition partition : partitions) {
                starts.put(partition, offsets.getOrDefault(partition, KafkaPartitionSplit.EARLIEST_OFFSET));
            }
            return starts;
        }
    }

    /** A partition without a committed offset starts at its beginning. */
    private static final class Committed extends StartingOffsets {
        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
            return specified(kafka.committedOffsets(partitions)).getPartitionOffsets(partitions, kafka);
        }
    }

    /** The first record with the timestamp or a later one; the end if there is none, or if the timestamp is null. */
    private static final class LatestOrTimestamp extends StartingOffsets {
        private final @Nullable Long timestamp;

        LatestOrTimestamp(@Nullable Long timestamp) {
            this.timestamp = timestamp;
        }

        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
            // The end offsets first: otherwise a record that arrives between the two requests would be skipped.
            Map<TopicPartition, Long> starts = new HashMap<>(kafka.endOffsets(partitions));
            if (timestamp != null) {
                Map<TopicPartition, Long> timestamps = new HashMap<>();
                partitions.forEach(partition -> timestamps.put(partition, timestamp));
                kafka.offsetsForTimes(timestamps).forEach((partition, first) -> starts.put(partition, first.offset()));
            }
            return starts;
        }
    }
}
