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

/** The partitions of some topics, read together; those that are added later are not seen. One thread at a time. */
final class OutputTopics {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int FURTHER_BACK = 8;

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

    /** From what is committed from now on. */
    void seekToEnd() {
        consumer.endOffsets(partitions).forEach(consumer::seek);
    }

    /** To the first records of this time or later. */
    void seekTo(Instant since) {
        // The ends first: a record that comes between the two questions is not passed over.
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
     * The last records of each topic by their own time, oldest first; {@link #poll} goes on after them. Offsets count
     * what is no record too, such as the ends of transactions, so it looks further back until it has enough.
     *
     * @param count of each topic
     */
    List<ConsumerRecord<byte[], byte[]>> last(int count, BooleanSupplier brokenOff) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<ConsumerRecord<byte[], byte[]>> last = new ArrayList<>();
        partitions.stream().map(TopicPartition::topic).distinct().forEach(topic -> {
            Map<TopicPartition, Long> ofTopic = new HashMap<>(ends);
            ofTopic.keySet().removeIf(partition -> !partition.topic().equals(topic));
            last.addAll(last(count, ofTopic, brokenOff));
        });
        consumer.assign(partitions);
        ends.forEach(consumer::seek);
        last.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        return last;
    }

    private List<ConsumerRecord<byte[], byte[]>> last(
            int count, Map<TopicPartition, Long> ends, BooleanSupplier brokenOff) {
        consumer.assign(ends.keySet());
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(ends.keySet());
        for (long back = count; ; back *= FURTHER_BACK) {
            boolean whole = true;
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                long beginning = beginnings.getOrDefault(end.getKey(), 0L);
                consumer.seek(end.getKey(), Math.max(beginning, end.getValue() - back));
                whole &= end.getValue() - back <= beginning;
            }
            List<ConsumerRecord<byte[], byte[]>> found = upTo(ends, brokenOff);
            if (whole || found.size() >= count || brokenOff.getAsBoolean()) {
                found.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
                return found.subList(Math.max(0, found.size() - count), found.size());
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> upTo(Map<TopicPartition, Long> ends, BooleanSupplier brokenOff) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        while (!brokenOff.getAsBoolean()
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
