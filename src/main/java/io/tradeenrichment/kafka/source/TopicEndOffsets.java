package io.tradeenrichment.kafka.source;

import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.EndOffsets.Ends;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the read-committed end offsets of a topic in a thread of its own.
 *
 * <p>An end offset may lie behind transaction markers and aborted transactions, while the position of a reader stops
 * before them. Where a reader has stopped before the end, this reads the gap itself. If it finds no record there, it
 * reports the reader's position as the end.
 */
final class TopicEndOffsets implements EndOffsets.Watch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicEndOffsets.class);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final Duration PERIOD_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);
    /** Polls per gap and round; the next round continues with a longer gap. */
    private static final int MAX_POLLS = 20;

    private final String topic;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final @Nullable Set<TopicPartition> fixedPartitions;
    private final Thread thread;
    private final Map<Integer, Gap> gaps = new HashMap<>();
    private volatile boolean closed;
    private volatile Map<Integer, Long> positions = Map.of();
    private volatile @Nullable Ends newest;
    private Map<Integer, Long> lastPositions = Map.of();

    /**
     * The offsets that were read from a reader's position on.
     *
     * @param to there is no committed record between {@code from} and this offset
     * @param recordFollows whether there is a committed record at {@code to}
     */
    private record Gap(long from, long to, boolean recordFollows) {}

    /**
     * @param consumers creates a consumer without a group, once more after each failure
     * @param fixedPartitions the partitions to watch; null for all that the topic has at the time of a poll
     */
    TopicEndOffsets(
            String topic, Supplier<Consumer<byte[], byte[]>> consumers, @Nullable Set<TopicPartition> fixedPartitions) {
        this.topic = topic;
        this.consumers = consumers;
        this.fixedPartitions = fixedPartitions;
        thread = new Thread(this::run, topic + "-ends");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public @Nullable Ends newest(Map<Integer, Long> positions) {
        this.positions = Map.copyOf(positions);
        return newest;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        boolean warned = false;
        while (!closed) {
            Consumer<byte[], byte[]> consumer = null;
            try {
                consumer = consumers.get();
                while (!closed) {
                    poll(consumer);
                    if (warned) {
                        LOG.info("The end offsets of the topic {} are known again", topic);
                        warned = false;
                    }
                    pause(PERIOD);
                }
            } catch (InterruptedException | InterruptException | WakeupException e) {
                // Closed.
            } catch (RuntimeException e) {
                // Mostly a KafkaException. After any other, too, the thread must go on: trades wait for its result.
                if (!warned && !closed) {
                    LOG.warn(
                            "The end offsets of the topic {} are unknown, so trades continue to wait for its rows: {}",
                            topic,
                            e.toString());
                    warned = true;
                }
                pauseUnlessClosed();
            } finally {
                if (consumer != null) {
                    closeQuietly(consumer);
                }
            }
        }
    }

    private void closeQuietly(Consumer<byte[], byte[]> consumer) {
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (KafkaException e) {
            LOG.debug("The consumer of the end offsets of {} was not closed", topic, e);
        }
    }

    private void pauseUnlessClosed() {
        try {
            pause(PERIOD_AFTER_FAILURE);
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** {@link #close} interrupts it. */
    private synchronized void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long remaining = time.toNanos(); remaining > 0 && !closed; remaining = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, remaining);
        }
    }

    private void poll(Consumer<byte[], byte[]> consumer) {
        long askedAt = System.currentTimeMillis();
        Map<Integer, Long> current = positions;
        Collection<TopicPartition> partitions = partitions(consumer);
        if (partitions.isEmpty()) {
            throw new KafkaException("the topic " + topic + " does not exist");
        }
        Map<TopicPartition, Long> offsets = consumer.endOffsets(partitions, REQUEST_TIMEOUT);
        Map<Integer, Long> ends = new HashMap<>();
        offsets.forEach((partition, end) -> ends.put(partition.partition(), end));
        ends.replaceAll((partition, end) -> visibleEnd(consumer, partition, current.getOrDefault(partition, 0L), end));
        lastPositions = current;
        newest = new Ends(askedAt, true, ends);
    }

    private Collection<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        return fixedPartitions != null
                ? fixedPartitions
                : consumer.partitionsFor(topic, REQUEST_TIMEOUT).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .collect(Collectors.toSet());
    }

    /**
     * Reads the gap only if the reader's position is the same as in the last round; otherwise the reader will close it.
     */
    private long visibleEnd(Consumer<byte[], byte[]> consumer, int partition, long position, long end) {
        if (position >= end || position != lastPositions.getOrDefault(partition, 0L)) {
            return end;
        }
        Gap gap = gaps.get(partition);
        if (gap == null || gap.from != position) {
            gap = new Gap(position, position, false);
        }
        if (!gap.recordFollows && gap.to < end) {
            gap = read(consumer, new TopicPartition(topic, partition), gap, end);
        }
        gaps.put(partition, gap);
        return !gap.recordFollows && gap.to >= end ? position : end;
    }

    private static Gap read(Consumer<byte[], byte[]> consumer, TopicPartition partition, Gap known, long end) {
        consumer.assign(new HashSet<>(Set.of(partition)));
        if (known.to == 0) {
            consumer.seekToBeginning(Set.of(partition));
        } else {
            consumer.seek(partition, known.to);
        }
        long to = known.to;
        for (int polls = 0; polls < MAX_POLLS && to < end; polls++) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return new Gap(known.from, record.offset(), true);
            }
            to = consumer.position(partition, REQUEST_TIMEOUT);
        }
        return new Gap(known.from, to, false);
    }
}
