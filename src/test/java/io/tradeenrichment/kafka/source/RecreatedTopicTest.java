package io.tradeenrichment.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class RecreatedTopicTest {
    private static final Uuid OLD = new Uuid(1, 2);
    private static final Uuid NEW = new Uuid(3, 4);
    private static final TopicPartition P0 = new TopicPartition("trades", 0);
    private static final TopicPartition P1 = new TopicPartition("trades", 1);
    private static final KafkaPartitionSplit PLAIN = new KafkaPartitionSplit(P0, 42);

    @Test
    void keepsSplitsOfTheSameTopic() {
        List<KafkaPartitionSplit> saved = List.of(new TopicSplit(PLAIN, OLD));
        assertThat(recreated(Set.of()).checkRestored(saved, new TopicIdentity(OLD, 1)))
                .isEqualTo(saved);
    }

    /** Splits from the enumerator have no id, nor do topics of an old broker. */
    @Test
    void keepsASplitIfAnIdIsUnknown() {
        assertThat(recreated(Set.of()).checkRestored(List.of(PLAIN), new TopicIdentity(NEW, 1)))
                .containsExactly(PLAIN);
        List<KafkaPartitionSplit> saved = List.of(new TopicSplit(PLAIN, OLD));
        assertThat(recreated(Set.of()).checkRestored(saved, new TopicIdentity(Uuid.ZERO_UUID, 1)))
                .isEqualTo(saved);
    }

    @Test
    void failsTheJobIfTheTopicWasRecreated() {
        List<KafkaPartitionSplit> saved = List.of(new TopicSplit(PLAIN, OLD));
        for (Set<String> accepted : List.of(Set.<String>of(), Set.of(OLD.toString()))) {
            assertThatThrownBy(() -> recreated(accepted).checkRestored(saved, new TopicIdentity(NEW, 1)))
                    .isInstanceOf(SuppressRestartsException.class)
                    .rootCause()
                    .isInstanceOf(IOException.class)
                    .hasMessage("kafka.topics.trades: the topic trades was deleted and created again after this state"
                            + " was saved (its id was " + OLD + " and is " + NEW + "), so the offset 42 of its"
                            + " partition 0 does not apply to the new topic; to read the new topic from its"
                            + " beginning, start the job from this state with kafka.topics.accept-recreated set to "
                            + NEW);
        }
    }

    @Test
    void readsAnAcceptedTopicFromItsStart() {
        List<KafkaPartitionSplit> saved =
                List.of(new TopicSplit(PLAIN, OLD), new TopicSplit(new KafkaPartitionSplit(P1, 7), OLD));
        assertThat(recreated(Set.of(NEW.toString())).checkRestored(saved, new TopicIdentity(NEW, 2)))
                .containsExactly(
                        new KafkaPartitionSplit(P0, KafkaPartitionSplit.EARLIEST_OFFSET),
                        new KafkaPartitionSplit(P1, 5));
    }

    /** The enumerator never forgets a partition, and would not assign it when it is added again. */
    @Test
    void requiresAsManyPartitionsOfAnAcceptedTopic() {
        List<KafkaPartitionSplit> saved = List.of(new TopicSplit(new KafkaPartitionSplit(P1, 7), OLD));
        assertThatThrownBy(() -> recreated(Set.of(NEW.toString())).checkRestored(saved, new TopicIdentity(NEW, 1)))
                .hasRootCauseMessage(
                        "kafka.topics.trades: the topic trades was created again with 1 partitions, but had"
                                + " at least 2; add partitions, or start the job without this state");
    }

    @Test
    void failsTheJobIfTheStateBelongsToATopicWithAnotherName() {
        List<KafkaPartitionSplit> saved =
                List.of(new TopicSplit(new KafkaPartitionSplit(new TopicPartition("trades-v1", 0), 7), OLD));
        assertThatThrownBy(() -> recreated(Set.of(NEW.toString())).checkRestored(saved, new TopicIdentity(NEW, 1)))
                .hasRootCauseMessage("kafka.topics.trades is trades, but this state belongs to a job that read the"
                        + " topic trades-v1; set it to trades-v1, or start the job without this state");
    }

    @Test
    void readsBackASplitWithItsTopicsId() throws Exception {
        var serializer = new TopicSplitSerializer();
        for (KafkaPartitionSplit split : List.of(PLAIN, new TopicSplit(PLAIN, OLD))) {
            byte[] bytes = SimpleVersionedSerialization.writeVersionAndSerialize(serializer, split);
            assertThat(SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, bytes))
                    .isEqualTo(split);
        }
        byte[] version0 =
                SimpleVersionedSerialization.writeVersionAndSerialize(new KafkaPartitionSplitSerializer(), PLAIN);
        assertThat(SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, version0))
                .isEqualTo(PLAIN);
        assertThatThrownBy(() -> serializer.deserialize(2, new byte[40])).isInstanceOf(IOException.class);
    }

    /** The savepoint reader relies on this layout. */
    @Test
    void writesTheTopicsIdBeforeTheConnectorsSplit() throws Exception {
        assertThat(new TopicSplitSerializer().getVersion()).isEqualTo(1);
        byte[] connector = new KafkaPartitionSplitSerializer().serialize(PLAIN);
        assertThat(new TopicSplitSerializer().serialize(new TopicSplit(PLAIN, OLD)))
                .isEqualTo(ByteBuffer.allocate(16 + connector.length)
                        .putLong(1)
                        .putLong(2)
                        .put(connector)
                        .array());
    }

    @Test
    void differentIdsHaveDifferentNumbers() {
        assertThat(TopicIdentity.number(OLD)).isNotEqualTo(TopicIdentity.number(NEW));
        assertThat(TopicIdentity.number(Uuid.ZERO_UUID)).isZero();
    }

    private static RecreatedTopic recreated(Set<String> accepted) {
        return new RecreatedTopic(
                "kafka.topics.trades", "trades", new Properties(), Duration.ofSeconds(1), accepted, Map.of(P1, 5L));
    }
}
