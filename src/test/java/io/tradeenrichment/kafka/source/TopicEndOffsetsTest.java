package io.tradeenrichment.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.EndOffsets.Ends;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With Kafka's MockConsumer; AsOfIT tests it with a broker. */
class TopicEndOffsetsTest {
    private static final String TOPIC = "users";
    private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);
    private static final TopicPartition P1 = new TopicPartition(TOPIC, 1);

    private final AtomicInteger created = new AtomicInteger();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final TopicEndOffsets ends;

    TopicEndOffsetsTest() {
        hasPartitions(P0);
        consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
        consumer.updateEndOffsets(Map.of(P0, 0L, P1, 0L));
        ends = new TopicEndOffsets(
                TOPIC,
                () -> {
                    created.incrementAndGet();
                    return consumer;
                },
                null);
    }

    @AfterEach
    void close() {
        ends.close();
        await().until(consumer::closed);
    }

    @Test
    void reportsTheLogEndOffset() {
        consumer.updateEndOffsets(Map.of(P0, 42L));
        awaitEnds(Map.of(), Map.of(0, 42L));
        consumer.updateEndOffsets(Map.of(P0, 50L));
        awaitEnds(Map.of(0, 42L), Map.of(0, 50L));
    }

    @Test
    void findsANewPartition() {
        consumer.updateEndOffsets(Map.of(P0, 42L, P1, 7L));
        hasPartitions(P0, P1);
        awaitEnds(Map.of(0, 42L), Map.of(0, 42L, 1, 7L));
    }

    /** A reader's position stops before transaction markers and aborted records. */
    @Test
    void reportsTheReadersPositionIfNoRecordFollows() {
        hasReadAllUpTo(40);
        consumer.schedulePollTask(() -> consumer.seek(P0, 42));
        consumer.updateEndOffsets(Map.of(P0, 42L));
        awaitNewEnds(Map.of(0, 40L), Map.of(0, 40L));
        consumer.schedulePollTask(() -> consumer.seek(P0, 44));
        consumer.updateEndOffsets(Map.of(P0, 44L));
        awaitNewEnds(Map.of(0, 40L), Map.of(0, 40L));
    }

    @Test
    void reportsTheLogEndOffsetIfARecordFollowsTheReader() {
        hasReadAllUpTo(40);
        consumer.schedulePollTask(() -> consumer.addRecord(record(41)));
        consumer.updateEndOffsets(Map.of(P0, 42L));
        Ends first = awaitEnds(Map.of(0, 40L), Map.of(0, 42L));
        await().until(() -> newest(Map.of(0, 40L)).requestedAt() > first.requestedAt() + 600);
        assertThat(newest(Map.of(0, 40L)).offsets()).isEqualTo(Map.of(0, 42L));
        assertThat(created).hasValue(1);
    }

    /** A reader that advances will close the gap itself. */
    @Test
    void readsNoGapWhileTheReaderAdvances() {
        AtomicInteger position = new AtomicInteger();
        Ends first = await().pollInterval(Duration.ofMillis(5))
                .until(() -> ends.newest(Map.of(0, (long) position.incrementAndGet())), Objects::nonNull);
        consumer.updateEndOffsets(Map.of(P0, 1_000_000L));
        await().pollInterval(Duration.ofMillis(5))
                .until(() ->
                        newest(Map.of(0, (long) position.incrementAndGet())).requestedAt() > first.requestedAt() + 900);
        assertThat(consumer.assignment()).isEmpty();
    }

    @Test
    void keepsTheLastResultAndRetriesWhileTheBrokerDoesNotAnswer() {
        consumer.updateEndOffsets(Map.of(P0, 42L));
        Ends before = awaitEnds(Map.of(), Map.of(0, 42L));
        consumer.setOffsetsException(new KafkaException("the broker is gone"));
        consumer.updateEndOffsets(Map.of(P0, 43L));
        // The mock throws once; then the watch closes it and requests a new consumer, and gets the same one again.
        await().until(() -> created.get() > 1 || !newest(Map.of()).equals(before));
        assertThat(newest(Map.of()).requestedAt()).isGreaterThanOrEqualTo(before.requestedAt());
    }

    private void hasReadAllUpTo(long offset) {
        consumer.updateEndOffsets(Map.of(P0, offset));
        awaitEnds(Map.of(0, offset), Map.of(0, offset));
    }

    /** Waits for results of polls that start after this call. */
    private void awaitNewEnds(Map<Integer, Long> positions, Map<Integer, Long> expected) {
        long before = newest(positions).requestedAt();
        await().until(() -> newest(positions).requestedAt() > before + 600);
        assertThat(newest(positions).offsets()).isEqualTo(expected);
    }

    private Ends awaitEnds(Map<Integer, Long> positions, Map<Integer, Long> expected) {
        return await().until(
                        () -> ends.newest(positions),
                        found -> found != null && found.offsets().equals(expected));
    }

    private Ends newest(Map<Integer, Long> positions) {
        return Objects.requireNonNull(ends.newest(positions));
    }

    private void hasPartitions(TopicPartition... partitions) {
        Node node = new Node(1, "b", 9092);
        consumer.updatePartitions(
                TOPIC,
                List.of(partitions).stream()
                        .map(of -> new PartitionInfo(TOPIC, of.partition(), node, new Node[] {node}, new Node[] {node}))
                        .toList());
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>(TOPIC, 0, offset, new byte[0], new byte[0]);
    }
}
