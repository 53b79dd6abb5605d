package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.model.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What the job reads from records, and what it makes of what it writes. */
class RecordsTest {
    private static final KafkaConfig.Topics TOPICS = new KafkaConfig.Topics("t", "i", "u", "e", "d", false);
    private static final int MAX_SIZE = 2_000;
    private static final byte[] KEY = {1, 2};

    @Test
    void aRecordIsTakenAsItIs() {
        var headers = new RecordHeaders();
        headers.add("a", new byte[] {7}).add("none", null).add("a", new byte[] {8});
        var record = new ConsumerRecord<>(
                "t", 3, 42, 99, TimestampType.CREATE_TIME, 0, 0, KEY, (byte[]) null, headers, Optional.empty());

        Received received = ReceivedRecords.received(Feed.USERS, record);

        assertThat(received).hasToString("users-3@42");
        assertThat(received.timestamp()).isEqualTo(99);
        assertThat(received.key()).isEqualTo(KEY);
        assertThat(received.value()).isNull();
        assertThat(received.headers()).extracting(Header::key).containsExactly("a", "none", "a");
        assertThat(received.headers().get(1).value()).isNull();
    }

    @Test
    void anEnrichedTradeGoesByItsInstrumentAndKeepsItsTime() {
        ProducerRecord<byte[], byte[]> record = new EnrichedTradeRecords("e")
                .serialize(new EnrichedTrade(258, 77, new byte[] {5}), new Context(), null);

        assertThat(record.topic()).isEqualTo("e");
        assertThat(record.partition()).isNull();
        assertThat(record.timestamp()).isEqualTo(77);
        assertThat(record.key()).containsExactly(0, 0, 0, 0, 0, 0, 1, 2);
        assertThat(record.value()).containsExactly(5);
    }

    @Test
    void aTradeWithoutATimeIsWrittenWithThePresent() {
        assertThat(new EnrichedTradeRecords("e")
                        .serialize(new EnrichedTrade(1, -1, new byte[0]), new Context(), null)
                        .timestamp())
                .isNull();
        assertThat(letter(received(new byte[1], -1), Reason.MALFORMED).timestamp())
                .isNull();
    }

    @Test
    void aDeadLetterIsTheRecordWithHeadersAfterItsOwn() {
        ProducerRecord<byte[], byte[]> letter = letter(received(new byte[] {9}, 5), Reason.MISSING_USER);

        assertThat(letter.topic()).isEqualTo("d");
        assertThat(letter.timestamp()).isEqualTo(5);
        assertThat(letter.key()).isSameAs(KEY);
        assertThat(letter.value()).containsExactly(9);
        assertThat(headers(letter))
                .containsExactly(
                        "own=x",
                        "__connect.errors.topic=t",
                        "__connect.errors.partition=3",
                        "__connect.errors.offset=42",
                        "__connect.errors.connector.name=trade-enrichment",
                        "__connect.errors.task.id=1",
                        "__connect.errors.stage=TRANSFORMATION",
                        "__connect.errors.class.name=" + DeadLetterRecords.class.getName(),
                        "__connect.errors.exception.class.name=" + Rejection.class.getName(),
                        "__connect.errors.exception.message=why",
                        "trade-enrichment.reason=MISSING_USER");
    }

    @Test
    void aDeadLetterThatIsTooLargeGoesWithoutItsValueAndSaysSo() {
        ProducerRecord<byte[], byte[]> letter = letter(received(new byte[MAX_SIZE], 5), Reason.TOO_LARGE);

        assertThat(letter.key()).isSameAs(KEY);
        assertThat(letter.value()).isNull();
        assertThat(headers(letter)).contains("own=x", "trade-enrichment.omitted=value of 2000 bytes");
    }

    @Test
    void aDeadLetterWhoseHeadersAreTooLargeKeepsOnlyWhereItCameFromAndWhy() {
        Received received =
                new Received(Feed.TRADES, 3, 42, 5, KEY, new byte[1], List.of(new Header("own", new byte[MAX_SIZE])));

        ProducerRecord<byte[], byte[]> letter = letter(received, Reason.MALFORMED);

        assertThat(letter.key()).isNull();
        assertThat(headers(letter))
                .contains("__connect.errors.offset=42", "trade-enrichment.omitted=key, value and headers")
                .noneMatch(header -> header.startsWith("own"));
    }

    private static ProducerRecord<byte[], byte[]> letter(Received received, Reason reason) {
        return new DeadLetterRecords(TOPICS, MAX_SIZE)
                .serialize(new Rejection(received, reason, "why"), new Context(), null);
    }

    private static Received received(byte[] value, long timestamp) {
        Header own = new Header("own", "x".getBytes(StandardCharsets.UTF_8));
        return new Received(Feed.TRADES, 3, 42, timestamp, KEY, value, List.of(own));
    }

    private static List<String> headers(ProducerRecord<byte[], byte[]> record) {
        return new ArrayList<>(StreamSupport.stream(record.headers().spliterator(), false)
                .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .toList());
    }

    private static final class Context implements KafkaSinkContext {
        @Override
        public int getParallelInstanceId() {
            return 1;
        }

        @Override
        public int getNumberOfParallelInstances() {
            return 2;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            return new int[] {0};
        }
    }
}
