package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.client.KafkaConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a source starts, decided once for each partition. Unlike Flink's own, none of these lets the consumer jump later:
 * an offset that is gone, because its topic was truncated or recreated, is an error.
 */
@SuppressWarnings("deprecation")
public // OffsetResetStrategy: the connector asks for it
abstract class StartOffsets implements OffsetsInitializer {

    /** Of the trades, as the user chose. */
    public static StartOffsets of(KafkaConfig.Reading reading) {
        Long timestamp = reading.startTimestamp();
        return switch (reading.start()) {
            case EARLIEST -> new Given(Map.of());
            case LATEST -> new Latest(null);
            case TIMESTAMP -> new Latest(timestamp);
            case COMMITTED -> new Committed();
        };
    }

    @Override
    public final OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }

    /** At these offsets, and at the beginning of a partition that has none. */
    public static final class Given extends StartOffsets {
        private final Map<TopicPartition, Long> offsets;

        public Given(Map<TopicPartition, Long> offsets) {
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

    /** Where the group stopped, and at the beginning of a partition where it never was. */
    private static final class Committed extends StartOffsets {
        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
            return new Given(kafka.committedOffsets(partitions)).getPartitionOffsets(partitions, kafka);
        }
    }

    /** At the first record of a time or later; at the end if there is none, or if there is no time. */
    private static final class Latest extends StartOffsets {
        private final @Nullable Long timestamp;

        Latest(@Nullable Long timestamp) {
            this.timestamp = timestamp;
        }

        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever kafka) {
            // The ends first: a record that comes between the two questions must not be passed over.
            Map<TopicPartition, Long> starts = new HashMap<>(kafka.endOffsets(partitions));
            if (timestamp != null) {
                Map<TopicPartition, Long> times = new HashMap<>();
                Set<TopicPartition> all = new HashSet<>(partitions);
                all.forEach(partition -> times.put(partition, timestamp));
                for (Map.Entry<TopicPartition, OffsetAndTimestamp> first :
                        kafka.offsetsForTimes(times).entrySet()) {
                    starts.put(first.getKey(), first.getValue().offset());
                }
            }
            return starts;
        }
    }
}
