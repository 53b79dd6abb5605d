package io.tradeenrichment.kafka.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.RecordOverhead;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;

class DeadLetterRecordsTest {
    private static final KafkaConfig.Topics TOPICS =
            new KafkaConfig.Topics("t", Map.of(Dimension.INSTRUMENT, "i", Dimension.USER, "u"), "e", "d", false);
    private static final int MAX_SIZE = 3_000;
    private static final byte[] KEY = {1, 2};

    @Test
    void appendsItsHeadersToTheSourceRecord() {
        ProducerRecord<byte[], byte[]> letter = letter(source(new byte[] {9}, 5), Reason.MISSING_USER);

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
                        "__connect.errors.exception.class.name=" + RejectedRecord.class.getName(),
                        "__connect.errors.exception.message=why",
                        "trade-enrichment.reason=MISSING_USER");
    }

    @Test
    void leavesANegativeTimestampToTheProducer() {
        assertThat(letter(source(new byte[1], -1), Reason.MALFORMED).timestamp())
                .isNull();
    }

    @Test
    void omitsFirstTheHeadersThenTheValueThenTheKey() {
        assertThat(parts(10, 1_000, 500)).isEqualTo("key, value, headers; omitted: null");
        assertThat(parts(10, 1_000, 2_600)).isEqualTo("key, value; omitted: headers of 2600 bytes");
        assertThat(parts(10, 2_000, 1_000)).isEqualTo("key, value; omitted: headers of 1000 bytes");
        assertThat(parts(10, 3_000, 500)).isEqualTo("key, headers; omitted: value of 3000 bytes");
        assertThat(parts(10, 3_000, 2_600)).isEqualTo("key; omitted: headers of 2600 bytes, value of 3000 bytes");
        assertThat(parts(2_000, 1_000, 100)).isEqualTo("key, headers; omitted: value of 1000 bytes");
        assertThat(parts(3_000, 1_000, 100)).isEqualTo("value, headers; omitted: key of 3000 bytes");
        assertThat(parts(3_000, 3_000, 3_000))
                .isEqualTo("; omitted: headers of 3000 bytes, value of 3000 bytes, key of 3000 bytes");
    }

    @Test
    void omitsTheHeadersOfARecordWithoutKeyAndValue() {
        SourceRecord source = new SourceRecord(
                Feed.USERS,
                3,
                42,
                5,
                null,
                null,
                List.of(new Header("big", new byte[MAX_SIZE]), new Header("no", null)));
        ProducerRecord<byte[], byte[]> letter = letter(source, Reason.NO_VALUE);
        assertThat(headers(letter))
                .contains("trade-enrichment.omitted=headers of 3010 bytes", "trade-enrichment.reason=NO_VALUE")
                .noneMatch(header -> header.startsWith("big") || header.startsWith("no="));
    }

    @Test
    void countsIncompleteLettersByOmittedPart() {
        var counters = new HashMap<String, Counter>();
        // Like Flink, creates a second counter of the same name, but reports only the first.
        var metrics = new UnregisteredMetricsGroup() {
            @Override
            public Counter counter(String name) {
                Counter counter = new SimpleCounter();
                counters.putIfAbsent(name, counter);
                return counter;
            }
        };
        var records = new DeadLetterRecords(TOPICS, MAX_SIZE);
        var context = new SerializationSchema.InitializationContext() {
            @Override
            public MetricGroup getMetricGroup() {
                return metrics;
            }

            @Override
            public UserCodeClassLoader getUserCodeClassLoader() {
                return SimpleUserCodeClassLoader.create(DeadLetterRecordsTest.class.getClassLoader());
            }
        };
        records.open(context, new SinkContext());
        records.open(context, new SinkContext());
        for (int[] sizes : new int[][] {{1, 1, 1}, {1, 3_000, 1}, {1, 3_000, 3_000}, {3_000, 1, 1}, {1, 3_000, 1}}) {
            records.serialize(
                    new RejectedRecord(sized(sizes[0], sizes[1], sizes[2]), Reason.MALFORMED, "why"),
                    new SinkContext(),
                    null);
        }
        assertThat(counters.get("deadLettersWithoutHeaders").getCount()).isEqualTo(1);
        assertThat(counters.get("deadLettersWithoutValue").getCount()).isEqualTo(3);
        assertThat(counters.get("deadLettersWithoutKey").getCount()).isEqualTo(1);
        assertThat(counters).hasSize(3);
    }

    /** Measures with Kafka's own batches, as the broker does. */
    @Test
    void neverExceedsItsLimitAndIsCompleteUpToTheOverhead() {
        var random = new Random(5);
        int complete = 0;
        for (int i = 0; i < 3_000; i++) {
            List<Header> headers = new ArrayList<>();
            for (int n = random.nextInt(i % 10 == 0 ? 2_000 : 5); n > 0; n--) {
                String name = "é".repeat(random.nextInt(4)) + "n".repeat(random.nextInt(200));
                headers.add(new Header(name, random.nextInt(5) == 0 ? null : new byte[random.nextInt(300)]));
            }
            SourceRecord source = new SourceRecord(
                    Feed.TRADES,
                    Integer.MAX_VALUE,
                    Long.MAX_VALUE,
                    5,
                    random.nextInt(5) == 0 ? null : new byte[random.nextInt(20_000)],
                    random.nextInt(5) == 0 ? null : new byte[random.nextInt(20_000)],
                    headers);
            int sourceSize = batchSize(record(source));
            String message = "語".repeat(random.nextInt(RejectedRecord.MAX_MESSAGE + 1));
            int maxSize = Math.max(RecordOverhead.DEAD_LETTER, sourceSize + random.nextInt(10_000) - 1_000);
            ProducerRecord<byte[], byte[]> letter = new DeadLetterRecords(TOPICS, maxSize)
                    .serialize(new RejectedRecord(source, Reason.ENRICHED_TOO_LARGE, message), new SinkContext(), null);

            assertThat(batchSize(letter)).isLessThanOrEqualTo(maxSize);
            if (maxSize >= sourceSize + RecordOverhead.DEAD_LETTER) {
                assertThat(letter.headers().lastHeader("trade-enrichment.omitted"))
                        .isNull();
                assertThat(letter.key()).isSameAs(source.key());
                assertThat(letter.value()).isSameAs(source.value());
                complete++;
            }
        }
        assertThat(complete).isGreaterThan(100);
    }

    private static ProducerRecord<byte[], byte[]> record(SourceRecord source) {
        var record = new ProducerRecord<>("t", null, source.timestamp(), source.key(), source.value());
        source.headers().forEach(header -> record.headers().add(header.key(), header.value()));
        return record;
    }

    private static int batchSize(ProducerRecord<byte[], byte[]> record) {
        return MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(
                                record.timestamp(),
                                record.key(),
                                record.value(),
                                record.headers().toArray()))
                .sizeInBytes();
    }

    private static String parts(int key, int value, int headers) {
        ProducerRecord<byte[], byte[]> letter = letter(sized(key, value, headers), Reason.MALFORMED);
        List<String> parts = new ArrayList<>();
        if (letter.key() != null) {
            assertThat(letter.key()).hasSize(key);
            parts.add("key");
        }
        if (letter.value() != null) {
            assertThat(letter.value()).hasSize(value);
            parts.add("value");
        }
        if (letter.headers().lastHeader("own") != null) {
            parts.add("headers");
        }
        assertThat(headers(letter)).contains("__connect.errors.offset=42", "trade-enrichment.reason=MALFORMED");
        var omitted = letter.headers().lastHeader("trade-enrichment.omitted");
        return String.join(", ", parts) + "; omitted: "
                + (omitted == null ? null : new String(omitted.value(), StandardCharsets.UTF_8));
    }

    /** @param headers the size of the one header, with its name and the varints of its two lengths */
    private static SourceRecord sized(int key, int value, int headers) {
        byte[] header = new byte[Math.max(0, headers - (headers < 70 ? 5 : 6))];
        return new SourceRecord(
                Feed.TRADES, 3, 42, 5, new byte[key], new byte[value], List.of(new Header("own", header)));
    }

    private static ProducerRecord<byte[], byte[]> letter(SourceRecord source, Reason reason) {
        return new DeadLetterRecords(TOPICS, MAX_SIZE)
                .serialize(new RejectedRecord(source, reason, "why"), new SinkContext(), null);
    }

    private static SourceRecord source(byte[] value, long timestamp) {
        Header own = new Header("own", "x".getBytes(StandardCharsets.UTF_8));
        return new SourceRecord(Feed.TRADES, 3, 42, timestamp, KEY, value, List.of(own));
    }

    private static List<String> headers(ProducerRecord<byte[], byte[]> record) {
        return new ArrayList<>(StreamSupport.stream(record.headers().spliterator(), false)
                .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .toList());
    }
}
