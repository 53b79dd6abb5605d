package io.tradeenrichment;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what is committed on a topic all the while, as a consumer of the job's output does. */
final class AlwaysReading implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ConcurrentLinkedQueue<ConsumerRecord<byte[], byte[]>> records = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = new Thread(this::read, "always-reading");

    /** @param consumer read by this one's thread from now on */
    AlwaysReading(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (consumer) {
            while (!closed.get()) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                consumer.assignment().forEach(partition -> positions.put(partition, consumer.position(partition)));
            }
        }
    }

    int count() {
        return records.size();
    }

    boolean hasRead(Map<TopicPartition, Long> ends) {
        return positions.equals(ends);
    }

    Collection<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    @Override
    public void close() throws InterruptedException {
        closed.set(true);
        thread.join();
    }
}
