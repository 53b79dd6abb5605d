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

/** Reads the committed records of a topic as they appear, in a thread of its own, until it is closed. */
public final class CommittedReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ConcurrentLinkedQueue<ConsumerRecord<byte[], byte[]>> records = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = new Thread(this::read, "committed-reader");

    /** @param consumer that only the reader's thread uses from now on, and closes */
    public CommittedReader(KafkaConsumer<byte[], byte[]> consumer) {
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

    public int count() {
        return records.size();
    }

    boolean hasRead(Map<TopicPartition, Long> ends) {
        return positions.equals(ends);
    }

    public Collection<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    @Override
    public void close() throws InterruptedException {
        closed.set(true);
        thread.join();
    }
}
