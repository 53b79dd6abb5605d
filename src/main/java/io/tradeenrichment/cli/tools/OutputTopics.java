package io.tradeenrichment.cli.tools;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Reads the partitions of some topics together, without those that are added later. Not thread-safe. */
final class OutputTopics {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int BACK_FACTOR = 8;

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    OutputTopics(Consumer<byte[], byte[]> consumer, Collection<TopicDescription> topics) {
        this.consumer = consumer;
        this.partitions = topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        consumer.assign(partitions);
    }

    void seekToBeginning() {
        consumer.seekToBeginning(partitions);
    }

    /** To the records that are committed from now on. */
    void seekToEnd() {
        consumer.endOffsets(partitions).forEach(consumer::seek);
    }

    /** To the first records of this time or later. */
    void seekTo(Instant since) {
        // End offsets first, so that a record that arrives between the two requests is not skipped.
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        ends.forEach((partition, end) -> {
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? end : first.offset());
        });
    }

    ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return consumer.poll(timeout);
    }

    /**
     * The last records of each topic by record timestamp, oldest first; {@link #poll} continues after them. Offsets also
     * count transaction markers, so this reads further back until it has enough records.
     *
     * @param count of each topic
     */
    List<ConsumerRecord<byte[], byte[]>> last(int count, BooleanSupplier interrupted) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<ConsumerRecord<byte[], byte[]>> last = new ArrayList<>();
        partitions.stream().map(TopicPartition::topic).distinct().forEach(topic -> {
            Map<TopicPartition, Long> ofTopic = new HashMap<>(ends);
            ofTopic.keySet().removeIf(partition -> !partition.topic().equals(topic));
            last.addAll(last(count, ofTopic, interrupted));
        });
        consumer.assign(partitions);
        ends.forEach(consumer::seek);
        last.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        return last;
    }

    private List<ConsumerRecord<byte[], byte[]>> last(
            int count, Map<TopicPartition, Long> ends, BooleanSupplier interrupted) {
        consumer.assign(ends.keySet());
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(ends.keySet());
        for (long back = count; ; back *= BACK_FACTOR) {
            boolean whole = true;
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                long beginning = beginnings.getOrDefault(end.getKey(), 0L);
                consumer.seek(end.getKey(), Math.max(beginning, end.getValue() - back));
                whole &= end.getValue() - back <= beginning;
            }
            List<ConsumerRecord<byte[], byte[]>> found = upTo(ends, interrupted);
            if (whole || found.size() >= count || interrupted.getAsBoolean()) {
                found.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
                return found.subList(Math.max(0, found.size() - count), found.size());
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> upTo(Map<TopicPartition, Long> ends, BooleanSupplier interrupted) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        while (!interrupted.getAsBoolean()
                && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                    found.add(record);
                }
            }
        }
        return found;
    }
}
