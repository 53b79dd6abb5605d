package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.client.ClientProperties;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.settings.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The initial snapshot of the dimension topics. Each task reads it with a consumer of its own.
 *
 * <p>The first round reads up to the initial end offsets, each further round up to the current ones. The last round is
 * the first that is far shorter than {@code min.compaction.lag.ms}: compaction cannot have removed a record before this
 * round has read it. The consumer's position decides how far a partition was read, since aborted transactions,
 * transaction markers and compaction leave gaps between the offsets of records.
 */
final class KafkaDimensionSnapshot implements SnapshotRecords {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDimensionSnapshot.class);
    private static final Duration SHORT_ROUND = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(5);

    private final Properties admin;
    private final Properties consumer;
    private final Map<Dimension, String> topics = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> initialEnds;
    private final Map<Dimension, Long> topicNumbers = new HashMap<>();
    private final Duration timeout;

    KafkaDimensionSnapshot(KafkaConfig config, InitialEndOffsets initialEnds) {
        this.admin = ClientProperties.common(config.connection());
        this.consumer = ClientProperties.consumer(config.connection());
        topics.putAll(config.topics().byDimension());
        topics.forEach((dimension, topic) -> topicNumbers.put(dimension, initialEnds.topicNumber(topic)));
        this.initialEnds = initialEnds.offsets();
        this.timeout = config.source().loadTimeout();
    }

    @Override
    public long topic(Dimension dimension) {
        return topicNumbers.getOrDefault(dimension, 0L);
    }

    @Override
    public void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception {
        requireOriginalTopics(dimensions);
        // No try-with-resources: a plain close waits 30 s for a broker that is down, though it has nothing to send.
        var kafka = new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            new Load(kafka, dimensions, receiver).run();
        } catch (InterruptException e) {
            throw e; // Flink cancels the task.
        } catch (TimeoutException e) {
            throw new IOException(timedOut() + ": Kafka has not answered (" + e.getMessage() + ")", e);
        } catch (KafkaException e) {
            throw new IOException("the topics " + topicNames() + " cannot be read: " + e.getMessage(), e);
        } finally {
            kafka.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** The initial end offsets do not apply to a recreated topic. */
    private void requireOriginalTopics(Set<Dimension> dimensions) throws IOException {
        for (Dimension dimension : dimensions) {
            String topic = topics.getOrDefault(dimension, "");
            long number = TopicIdentity.number(
                    TopicIdentity.lookUp(admin, topic, timeout).id());
            if (number != topic(dimension)) {
                throw new IOException("the topic " + topic
                        + " was deleted and created again after the job was started; start the job again");
            }
        }
    }

    private String timedOut() {
        return "the topics " + topicNames() + " were not read within " + KafkaOptions.DIMENSIONS_LOAD_TIMEOUT.key()
                + " (" + DurationText.of(timeout) + ")";
    }

    private String topicNames() {
        return String.join(" and ", new LinkedHashSet<>(topics.values()));
    }

    /** One load of the snapshot. */
    private final class Load {
        private final KafkaConsumer<byte[], byte[]> kafka;
        private final Receiver receiver;
        /** By topic; several dimensions may have the same topic. */
        private final Map<String, List<Dimension>> dimensions = new HashMap<>();

        private final Map<TopicPartition, Long> ends = new HashMap<>();
        private final long started = System.nanoTime();
        private long reported = started;
        private long records;

        Load(KafkaConsumer<byte[], byte[]> kafka, Set<Dimension> loaded, Receiver receiver) {
            this.kafka = kafka;
            this.receiver = receiver;
            for (Dimension dimension : loaded) {
                dimensions
                        .computeIfAbsent(topics.getOrDefault(dimension, ""), topic -> new ArrayList<>())
                        .add(dimension);
            }
            initialEnds.forEach((partition, end) -> {
                if (dimensions.containsKey(partition.topic())) {
                    ends.put(partition, end);
                }
            });
        }

        void run() throws Exception {
            kafka.assign(ends.keySet());
            requireNotTruncated(currentEnds());
            kafka.seekToBeginning(ends.keySet());
            readUpTo(ends);
            int rounds = 1;
            long roundStarted;
            do {
                roundStarted = System.nanoTime();
                readUpTo(currentEnds());
                rounds++;
            } while (since(roundStarted).compareTo(SHORT_ROUND) >= 0);
            for (TopicPartition partition : ends.keySet()) {
                for (Dimension dimension : dimensionsOf(partition.topic())) {
                    receiver.readUpTo(dimension, partition.partition(), kafka.position(partition));
                }
            }
            long millis = Math.max(1, since(started).toMillis());
            LOG.info(
                    "Read {} records of {} in {} ms and {} rounds, {} records/s",
                    records,
                    topicNames(),
                    millis,
                    rounds,
                    records * 1000 / millis);
        }

        private Map<TopicPartition, Long> currentEnds() {
            return kafka.endOffsets(ends.keySet(), remaining());
        }

        /**
         * In an intact topic, end offsets never decrease. Otherwise the source would start at an offset that does not
         * exist.
         */
        private void requireNotTruncated(Map<TopicPartition, Long> currentEnds) throws IOException {
            for (TopicPartition partition : inOrder(ends.keySet())) {
                long initial = initialEnds.getOrDefault(partition, 0L);
                long current = currentEnds.getOrDefault(partition, 0L);
                if (current < initial) {
                    throw new IOException(partition + " ends at offset " + current + ", but ended at " + initial
                            + " when the job was started: the topic was truncated or recreated; start the job again");
                }
            }
        }

        private void readUpTo(Map<TopicPartition, Long> target) throws Exception {
            Set<TopicPartition> unfinished = new HashSet<>(target.keySet());
            while (true) {
                unfinished.removeIf(
                        partition -> kafka.position(partition, remaining()) >= target.getOrDefault(partition, 0L));
                if (unfinished.isEmpty()) {
                    return;
                }
                report(unfinished, target);
                for (ConsumerRecord<byte[], byte[]> record : kafka.poll(POLL)) {
                    for (Dimension dimension : dimensionsOf(record.topic())) {
                        receiver.record(
                                SourceRecordDeserializer.sourceRecord(dimension.feed(), record),
                                record.offset() >= initialEnds.getOrDefault(partition(record), 0L));
                        records++;
                    }
                }
            }
        }

        private void report(Set<TopicPartition> unfinished, Map<TopicPartition, Long> target) throws IOException {
            boolean late = since(started).compareTo(timeout) > 0;
            if (!late && since(reported).compareTo(REPORT_INTERVAL) < 0) {
                return;
            }
            reported = System.nanoTime();
            String state = inOrder(unfinished).stream()
                    .map(partition -> partition + " at " + kafka.position(partition) + " of " + target.get(partition))
                    .collect(Collectors.joining(", "));
            if (late) {
                throw new IOException(timedOut() + ": " + state);
            }
            LOG.info("Loading: {} records read, {}", records, state);
        }

        private Duration remaining() {
            Duration remaining = timeout.minus(since(started));
            return remaining.isNegative() ? Duration.ZERO : remaining;
        }

        private List<Dimension> dimensionsOf(String topic) {
            return dimensions.getOrDefault(topic, List.of());
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private static List<TopicPartition> inOrder(Set<TopicPartition> partitions) {
        return partitions.stream()
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
                .toList();
    }
}
