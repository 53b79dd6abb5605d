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
 * Asks a broker again and again where a topic ends, in a thread of its own, read committed.
 *
 * <p>The end offset alone does not tell whether a reader has read all: behind the last record that it can see may lie
 * transaction markers and aborted transactions, and its position stops before them. So where a reader has stopped short of
 * the end, this reads the gap itself. If there is no record in it, the end is where the reader is.
 */
final class TopicEndOffsets implements EndOffsets.Watch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicEndOffsets.class);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final Duration PERIOD_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);
    /** Polls for a gap in one round; a gap that takes longer is gone on with in the next round. */
    private static final int MOST_POLLS = 20;

    private final String topic;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final @Nullable Set<TopicPartition> fixedPartitions;
    private final Thread thread;
    private final Map<Integer, Gap> gaps = new HashMap<>();
    private volatile boolean closed;
    private volatile Map<Integer, Long> positions = Map.of();
    private volatile @Nullable Ends newest;
    private Map<Integer, Long> positionsBefore = Map.of();

    /**
     * What is known of the offsets from a reader's position on.
     *
     * @param to nothing between {@code from} and this offset can be seen
     * @param recordFollows whether there is a record to be seen at {@code to}
     */
    private record Gap(long from, long to, boolean recordFollows) {}

    /**
     * @param consumers makes the one consumer that asks, in no group
     * @param fixedPartitions those to ask for; null for all that the topic has at the time
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
                    ask(consumer);
                    if (warned) {
                        LOG.info("Knows again where the topic {} ends", topic);
                        warned = false;
                    }
                    pause(PERIOD);
                }
            } catch (InterruptedException | InterruptException | WakeupException e) {
                // Closed.
            } catch (RuntimeException e) {
                // Most are Kafka's own. Whatever it is, without this thread trades would wait for ever.
                if (!warned && !closed) {
                    LOG.warn(
                            "Does not know where the topic {} ends, so trades that wait for its rows go on waiting: {}",
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
            LOG.debug("The consumer that asks for the ends of {} was not closed", topic, e);
        }
    }

    private void pauseUnlessClosed() {
        try {
            pause(PERIOD_AFTER_FAILURE);
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** An interrupt, which is how this is closed, ends it. */
    private synchronized void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private void ask(Consumer<byte[], byte[]> consumer) {
        long askedAt = System.currentTimeMillis();
        Map<Integer, Long> seen = positions;
        Collection<TopicPartition> partitions = partitions(consumer);
        if (partitions.isEmpty()) {
            throw new KafkaException("the topic " + topic + " does not exist");
        }
        Map<TopicPartition, Long> offsets = consumer.endOffsets(partitions, ANSWER_TIMEOUT);
        Map<Integer, Long> ends = new HashMap<>();
        offsets.forEach((partition, end) -> ends.put(partition.partition(), end));
        ends.replaceAll((partition, end) -> visibleEnd(consumer, partition, seen.getOrDefault(partition, 0L), end));
        positionsBefore = seen;
        newest = new Ends(askedAt, true, ends);
    }

    private Collection<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        return fixedPartitions != null
                ? fixedPartitions
                : consumer.partitionsFor(topic, ANSWER_TIMEOUT).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .collect(Collectors.toSet());
    }

    /** Only of a reader that has stood since the last round it is worth to know what lies before it. */
    private long visibleEnd(Consumer<byte[], byte[]> consumer, int partition, long position, long end) {
        if (position >= end || position != positionsBefore.getOrDefault(partition, 0L)) {
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
        for (int polls = 0; polls < MOST_POLLS && to < end; polls++) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return new Gap(known.from, record.offset(), true);
            }
            to = consumer.position(partition, ANSWER_TIMEOUT);
        }
        return new Gap(known.from, to, false);
    }
}
