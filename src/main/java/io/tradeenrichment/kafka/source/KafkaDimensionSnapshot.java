package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.check.StartChecks;
import io.tradeenrichment.kafka.client.ClientProperties;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.settings.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
 * The records that stand in the dimensions' topics, read by the task that needs them.
 *
 * <p>First up to the ends that were captured when the job was started, then again and again up to the then ends, until
 * a round is so short that no compaction can have come between: what it removes is not removed before
 * {@code min.compaction.lag.ms} has passed. How far a partition was read is told by the consumer's position, not by the
 * last record, since aborted transactions, their markers and compacted records leave gaps.
 */
public final class KafkaDimensionSnapshot implements SnapshotRecords {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDimensionSnapshot.class);
    private static final Duration SHORT_ROUND = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(5);

    private final Properties admin;
    private final Properties consumer;
    private final Map<Dimension, String> topics;
    private final Map<TopicPartition, Long> ends;
    private final Map<Dimension, Long> numbers;
    private final Duration timeout;

    /** @param found with the ends of both topics, read committed, when the job was started; the live feeds begin there */
    public KafkaDimensionSnapshot(KafkaConfig config, StartChecks.Found found) {
        this.admin = ClientProperties.any(config.access());
        this.consumer = ClientProperties.consumer(config.access());
        this.topics = Map.of(
                Dimension.INSTRUMENT, config.topics().of(Dimension.INSTRUMENT),
                Dimension.USER, config.topics().of(Dimension.USER));
        this.ends = Map.copyOf(found.dimensionEnds());
        this.numbers = Map.of(
                Dimension.INSTRUMENT, found.topicNumber(config.topics().of(Dimension.INSTRUMENT)),
                Dimension.USER, found.topicNumber(config.topics().of(Dimension.USER)));
        this.timeout = config.reading().loadTimeout();
    }

    @Override
    public long topic(Dimension dimension) {
        return numbers.getOrDefault(dimension, 0L);
    }

    @Override
    public void readAll(Receiver receiver) throws Exception {
        refuseIfRecreated();
        // No try-with-resources: a consumer in no group has nothing to say at its end, yet would wait for a broker that
        // is
        // gone for half a minute.
        var kafka = new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            new Load(kafka, receiver).run();
        } catch (InterruptException e) {
            throw e; // The task is being cancelled.
        } catch (TimeoutException e) {
            throw new IOException(tooLate() + ": Kafka has not answered (" + e.getMessage() + ")", e);
        } catch (KafkaException e) {
            throw new IOException("the topics " + topicNames() + " cannot be read: " + e.getMessage(), e);
        } finally {
            kafka.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** The ends that the live feeds go on from are those of the topics that the job was started with. */
    private void refuseIfRecreated() throws IOException {
        for (Dimension dimension : Dimension.values()) {
            String topic = topics.getOrDefault(dimension, "");
            long number = TopicIdentity.number(
                    TopicIdentity.lookUp(admin, topic, timeout).id());
            if (number != topic(dimension)) {
                throw new IOException("the topic " + topic
                        + " was deleted and created again after the job was started; start the job anew");
            }
        }
    }

    private String tooLate() {
        return "the topics " + topicNames() + " were not read within " + KafkaOptions.DIMENSIONS_LOAD_TIMEOUT.key()
                + " (" + DurationText.of(timeout) + ")";
    }

    private String topicNames() {
        return topics.get(Dimension.INSTRUMENT) + " and " + topics.get(Dimension.USER);
    }

    /** One reading of everything. */
    private final class Load {
        private final KafkaConsumer<byte[], byte[]> kafka;
        private final Receiver receiver;
        private final Map<String, Dimension> dimensions = new HashMap<>();
        private final long began = System.nanoTime();
        private long reported = began;
        private long records;

        Load(KafkaConsumer<byte[], byte[]> kafka, Receiver receiver) {
            this.kafka = kafka;
            this.receiver = receiver;
            topics.forEach((dimension, topic) -> dimensions.put(topic, dimension));
        }

        void run() throws Exception {
            kafka.assign(ends.keySet());
            Map<TopicPartition, Long> target = endsNow();
            refuseIfShorter(target);
            kafka.seekToBeginning(ends.keySet());
            readUpTo(ends);
            int rounds = 1;
            long roundBegan;
            do {
                roundBegan = System.nanoTime();
                readUpTo(endsNow());
                rounds++;
            } while (since(roundBegan).compareTo(SHORT_ROUND) >= 0);
            for (TopicPartition partition : ends.keySet()) {
                receiver.readUpTo(dimension(partition), partition.partition(), kafka.position(partition));
            }
            long millis = Math.max(1, since(began).toMillis());
            LOG.info(
                    "Read {} records of {} in {} ms and {} rounds, {} records/s",
                    records,
                    topicNames(),
                    millis,
                    rounds,
                    records * 1000 / millis);
        }

        private Map<TopicPartition, Long> endsNow() {
            return kafka.endOffsets(ends.keySet(), left());
        }

        /** A topic only grows; if it did not, the rows that the live feed goes on from are not the rows that stand. */
        private void refuseIfShorter(Map<TopicPartition, Long> now) throws IOException {
            for (TopicPartition partition : inOrder(ends.keySet())) {
                long then = ends.getOrDefault(partition, 0L);
                long end = now.getOrDefault(partition, 0L);
                if (end < then) {
                    throw new IOException(partition + " ends at offset " + end + ", but ended at " + then
                            + " when the job was started: the topic was truncated or recreated; start the job anew");
                }
            }
        }

        private void readUpTo(Map<TopicPartition, Long> target) throws Exception {
            Set<TopicPartition> unfinished = new HashSet<>(target.keySet());
            while (true) {
                unfinished.removeIf(
                        partition -> kafka.position(partition, left()) >= target.getOrDefault(partition, 0L));
                if (unfinished.isEmpty()) {
                    return;
                }
                report(unfinished, target);
                for (ConsumerRecord<byte[], byte[]> record : kafka.poll(POLL)) {
                    Dimension dimension = dimensions.get(record.topic());
                    if (dimension != null) {
                        receiver.record(
                                SourceRecordReader.received(dimension.feed(), record),
                                record.offset() >= ends.getOrDefault(partition(record), 0L));
                        records++;
                    }
                }
            }
        }

        private void report(Set<TopicPartition> unfinished, Map<TopicPartition, Long> target) throws IOException {
            boolean late = since(began).compareTo(timeout) > 0;
            if (!late && since(reported).compareTo(BETWEEN_REPORTS) < 0) {
                return;
            }
            reported = System.nanoTime();
            String state = inOrder(unfinished).stream()
                    .map(partition -> partition + " at " + kafka.position(partition) + " of " + target.get(partition))
                    .collect(Collectors.joining(", "));
            if (late) {
                throw new IOException(tooLate() + ": " + state);
            }
            LOG.info("Loading: {} records read, {}", records, state);
        }

        private Duration left() {
            Duration left = timeout.minus(since(began));
            return left.isNegative() ? Duration.ZERO : left;
        }

        private Dimension dimension(TopicPartition partition) {
            Dimension dimension = dimensions.get(partition.topic());
            if (dimension == null) {
                throw new IllegalStateException(partition + " is of no dimension's topic");
            }
            return dimension;
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
