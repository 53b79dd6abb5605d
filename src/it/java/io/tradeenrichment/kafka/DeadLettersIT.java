package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A record that cannot be enriched becomes a dead letter with its original bytes, and the job does not fail. */
class DeadLettersIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "60000");
    /** The broker's default of {@code max.message.bytes}. */
    private static final int DEFAULT_LIMIT = 1_048_588;

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    /** A record that cannot be enriched, and the expected reason. */
    private record BadRecord(SourceRecord record, String reason) {}

    @Test
    void badRecordsBetweenGoodOnesBecomeDeadLettersWithTheirOriginalBytes() throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
            topics.create("trades", 2, Map.of("max.message.bytes", String.valueOf(8 << 20)));
            topics.create("instruments", 1, Map.of("cleanup.policy", "compact"));
            topics.create("users", 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "2000000"));
            topics.create("enriched-trades", 1, Map.of());
            topics.create("dead-letters", 1, Map.of());
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("join.instrument.missing", "dead-letter");
            settings.put("wire.record.max-size", "1048570");

            topics.send(List.of(
                    Samples.stockRecord(1, 1_000_000, "SPY"),
                    Samples.userRecord(1, 1_000_000, "ann"),
                    Samples.userRecord(2, 1_000_000, "long".repeat(256_500))));
            List<BadRecord> badRecords = badRecords();
            Map<String, BadRecord> expected = new HashMap<>();
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                try (KafkaProducer<byte[], byte[]> producer = topics.producer()) {
                    for (int i = 0; i < badRecords.size(); i++) {
                        producer.send(topics.record(Samples.tradeRecord(1_000 + i, 1, 1)));
                        RecordMetadata at = producer.send(
                                        topics.record(badRecords.get(i).record()))
                                .get();
                        expected.put(at.topic() + "-" + at.partition() + "@" + at.offset(), badRecords.get(i));
                    }
                    producer.send(topics.record(Samples.tradeRecord(2_000, 1, 1)));
                }
                topics.awaitEnriched(badRecords.size() + 1);
                topics.awaitCommitted("dead-letters", badRecords.size());
                assertThat(job.isRunning()).isTrue();
                job.stop(folder);
            }

            List<ConsumerRecord<byte[], byte[]>> letters = topics.readAll("dead-letters");
            assertThat(letters).hasSameSizeAs(badRecords);
            for (ConsumerRecord<byte[], byte[]> letter : letters) {
                String from =
                        connect(letter, "topic") + "-" + connect(letter, "partition") + "@" + connect(letter, "offset");
                BadRecord badRecord = expected.remove(from);
                assertThat(badRecord).as("letter from " + from).isNotNull();
                assertThat(header(letter, "trade-enrichment.reason")).as(from).isEqualTo(badRecord.reason());
                assertThat(connect(letter, "exception.message")).as(from).isNotBlank();
                assertThat(connect(letter, "connector.name")).isEqualTo("trade-enrichment");
                assertThat(letter.timestamp()).isEqualTo(badRecord.record().timestamp());
                assertThat(letter.key()).as(from).isEqualTo(badRecord.record().key());
                byte[] value = badRecord.record().value();
                if (value != null && value.length > 1_048_000) {
                    assertThat(letter.value()).as(from).isNull();
                    assertThat(header(letter, "trade-enrichment.omitted"))
                            .isEqualTo("value of " + value.length + " bytes");
                } else {
                    assertThat(letter.value()).as(from).isEqualTo(value);
                }
                for (Header header : badRecord.record().headers()) {
                    assertThat(letter.headers().lastHeader(header.key()).value())
                            .isEqualTo(header.value());
                }
            }
            assertThat(expected).isEmpty();
            System.out.println(badRecords.size() + " bad records, as many dead letters, no restart");
        }
    }

    /** A record, and what its dead letter omits; empty if the dead letter is complete. */
    private record Omission(SourceRecord record, String omitted) {}

    /**
     * With data that does not compress, a compressed batch is larger than its records: a limit of their exact size would
     * fail the job.
     */
    @ParameterizedTest
    @CsvSource({"none, 1056780", "gzip, 1067455", "snappy, 1067455"})
    void theSmallestTopicThatTheStartChecksAcceptHoldsAWholeRecordOfTheLargestSize(String compression, String limit)
            throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
            topics.create("trades", 1, Map.of());
            topics.create("instruments", 1, COMPACTED);
            topics.create("users", 1, COMPACTED);
            topics.create("enriched-trades", 1, Map.of());
            topics.create("dead-letters", 1, Map.of("max.message.bytes", limit));
            Map<String, String> settings = new HashMap<>(topics.settings());
            settings.put("kafka.client.compression.type", compression);

            SourceRecord largestValue = atLimit(filled -> sized(Feed.TRADES, random(20), random(filled), random(30)));
            SourceRecord largestHeader = atLimit(filled -> sized(Feed.USERS, random(20), random(40), random(filled)));
            SourceRecord largestKey = atLimit(filled -> sized(Feed.INSTRUMENTS, random(filled), null, random(30)));
            Map<String, Omission> expected = new HashMap<>();
            try (JobOnKafka job = new JobOnKafka(settings).start(1)) {
                assertThat(job.warnings()).isEmpty();
                try (var producer = topics.producer()) {
                    for (SourceRecord record : List.of(largestValue, largestHeader, largestKey)) {
                        expect(expected, send(topics, producer, record), new Omission(record, ""));
                        // Two more bytes are too many: the record had the largest size that its topic accepts.
                        assertThatThrownBy(() -> producer.send(topics.record(larger(record)))
                                        .get())
                                .hasRootCauseInstanceOf(RecordTooLargeException.class);
                    }
                }
                topics.awaitCommitted("dead-letters", 3);
                assertThat(omitted(job)).containsExactly(0L, 0L, 0L);
                job.stop(folder);
            }
            assertLetters(expected, topics.readAll("dead-letters"));
        }
    }

    @Test
    void aDeadLetterThatIsTooLargeOmitsHeadersThenValueThenKeyAndIsCounted() throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
            topics.create("trades", 1, Map.of());
            topics.create("instruments", 1, COMPACTED);
            Map<String, String> large = new HashMap<>(COMPACTED);
            large.put("max.message.bytes", "8000000");
            topics.create("users", 1, large);
            topics.create("enriched-trades", 1, Map.of());
            topics.create("dead-letters", 1, Map.of("max.message.bytes", "1000000"));

            List<Omission> omissions = List.of(
                    new Omission(
                            sized(Feed.USERS, random(20), random(30), random(3_000_000)), "headers of 3000008 bytes"),
                    new Omission(
                            sized(Feed.USERS, random(20), random(900_000), random(900_000)), "headers of 900007 bytes"),
                    new Omission(
                            sized(Feed.USERS, random(20), random(3_000_000), random(30)), "value of 3000000 bytes"),
                    new Omission(
                            sized(Feed.USERS, random(20), random(2_000_000), random(1_500_000)),
                            "headers of 1500008 bytes, value of 2000000 bytes"),
                    new Omission(sized(Feed.USERS, random(1_000_000), random(30), random(30)), "key of 1000000 bytes"),
                    new Omission(
                            sized(Feed.USERS, random(1_100_000), random(1_200_000), random(1_300_000)),
                            "headers of 1300008 bytes, value of 1200000 bytes, key of 1100000 bytes"),
                    new Omission(sized(Feed.USERS, random(300_000), random(300_000), random(300_000)), ""));
            // Within its topic's limit only because it is compressed: the limit applies to the compressed batch.
            Omission compressed = new Omission(
                    sized(Feed.TRADES, random(20), new byte[1_040_000], random(30)), "value of 1040000 bytes");
            Map<String, Omission> expected = new HashMap<>();
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(1)) {
                assertThat(job.warnings())
                        .singleElement()
                        .asString()
                        .contains("accepts records of at most 1000000 bytes")
                        .contains("accepts up to 8000000")
                        .endsWith("to 8008192 or more.");
                try (var producer = topics.producer();
                        var compressing = compressing()) {
                    for (Omission each : omissions) {
                        expect(expected, send(topics, producer, each.record()), each);
                    }
                    expect(expected, send(topics, compressing, compressed.record()), compressed);
                }
                topics.awaitCommitted("dead-letters", expected.size());
                assertThat(omitted(job)).containsExactly(4L, 4L, 2L);
                assertThat(job.exportedNames("deadLettersWithoutValue"))
                        .containsExactly("flink_taskmanager_job_task_operator_user_deadLettersWithoutValue");
                job.stop(folder);
            }
            assertLetters(expected, topics.readAll("dead-letters"));
        }
    }

    private static void expect(Map<String, Omission> expected, RecordMetadata at, Omission omission) {
        expected.put(at.topic() + "-" + at.partition() + "@" + at.offset(), omission);
    }

    private static RecordMetadata send(Topics topics, KafkaProducer<byte[], byte[]> producer, SourceRecord record)
            throws Exception {
        return producer.send(topics.record(record)).get();
    }

    private static KafkaProducer<byte[], byte[]> compressing() {
        return KAFKA.producer(Map.of("compression.type", "gzip", "max.request.size", String.valueOf(16 << 20)));
    }

    private static List<Long> omitted(JobOnKafka job) {
        return Stream.of("deadLettersWithoutHeaders", "deadLettersWithoutValue", "deadLettersWithoutKey")
                .map(counter -> job.counter(counter).getAsLong())
                .toList();
    }

    private static void assertLetters(Map<String, Omission> expected, List<ConsumerRecord<byte[], byte[]>> letters) {
        assertThat(letters).hasSameSizeAs(expected.keySet());
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            String from =
                    connect(letter, "topic") + "-" + connect(letter, "partition") + "@" + connect(letter, "offset");
            Omission omission = expected.remove(from);
            assertThat(omission).as(from).isNotNull();
            SourceRecord record = omission.record();
            String omitted = omission.omitted();
            var omittedHeader = letter.headers().lastHeader("trade-enrichment.omitted");
            assertThat(omittedHeader == null ? "" : new String(omittedHeader.value(), StandardCharsets.UTF_8))
                    .isEqualTo(omitted);
            assertThat(letter.key()).as(omitted).isEqualTo(omitted.contains("key of") ? null : record.key());
            assertThat(letter.value()).as(omitted).isEqualTo(omitted.contains("value of") ? null : record.value());
            var header = letter.headers().lastHeader("own");
            if (omitted.contains("headers of")) {
                assertThat(header).isNull();
            } else {
                assertThat(header.value()).isEqualTo(record.headers().get(0).value());
            }
            assertThat(header(letter, "trade-enrichment.reason")).isNotBlank();
            assertThat(connect(letter, "exception.message")).isNotBlank();
        }
    }

    private static SourceRecord sized(Feed feed, byte[] key, byte[] value, byte[] header) {
        return new SourceRecord(feed, 0, 0, 1_234_567, key, value, List.of(new Header("own", header)));
    }

    private static SourceRecord larger(SourceRecord record) {
        List<Header> headers = new ArrayList<>(record.headers());
        headers.add(new Header("", null));
        return new SourceRecord(record.feed(), 0, 0, record.timestamp(), record.key(), record.value(), headers);
    }

    /** The record whose batch has exactly the size of the topic's limit. */
    private static SourceRecord atLimit(IntFunction<SourceRecord> ofSize) {
        int size = DEFAULT_LIMIT - 200;
        SourceRecord record = ofSize.apply(size);
        while (batchSize(record) < DEFAULT_LIMIT) {
            size++;
            record = ofSize.apply(size);
        }
        assertThat(batchSize(record)).isEqualTo(DEFAULT_LIMIT);
        return record;
    }

    private static int batchSize(SourceRecord record) {
        Header own = record.headers().get(0);
        return MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(record.timestamp(), record.key(), record.value(), new RecordHeader[] {
                            new RecordHeader(own.key(), own.value())
                        }))
                .sizeInBytes();
    }

    /** Bytes that do not compress and have no known framing. */
    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        bytes[0] = 'x';
        return bytes;
    }

    private static List<BadRecord> badRecords() {
        byte[] good = Samples.tradeRecord(9, 1, 1).value();
        byte[] prefix = Samples.prefix(Schemas.TRADE);
        List<BadRecord> badRecords = new ArrayList<>();
        badRecords.add(trade(null, "NO_VALUE"));
        badRecords.add(trade(new byte[0], "UNKNOWN_FRAMING"));
        badRecords.add(trade("hello, world".getBytes(StandardCharsets.UTF_8), "UNKNOWN_FRAMING"));
        badRecords.add(trade(prefix, "MALFORMED"));
        for (int length = prefix.length + 1; length < good.length; length++) {
            badRecords.add(trade(Arrays.copyOf(good, length), "MALFORMED"));
        }
        badRecords.add(trade(Arrays.copyOf(good, good.length + 3), "MALFORMED"));
        byte[] unknown = good.clone();
        unknown[5] ^= 1;
        badRecords.add(trade(unknown, "UNKNOWN_SCHEMA"));
        badRecords.add(trade(new byte[1_048_571], "TOO_LARGE"));
        badRecords.add(trade(new byte[4 << 20], "TOO_LARGE"));
        SourceRecord unmatched = Samples.tradeRecord(77, 404, 1);
        badRecords.add(new BadRecord(unmatched, "MISSING_INSTRUMENT"));
        badRecords.add(new BadRecord(Samples.tradeRecord(78, 1, 2), "ENRICHED_TOO_LARGE"));
        SourceRecord row = Samples.stockRecord(5, 1_000_000, "X");
        badRecords.add(new BadRecord(
                new SourceRecord(Feed.INSTRUMENTS, 0, 0, 7, new byte[] {1, 2}, row.value(), List.of(header("a", "b"))),
                "WRONG_KEY"));
        badRecords.add(new BadRecord(
                new SourceRecord(Feed.USERS, 0, 0, 8, row.key(), new byte[] {0}, List.of()), "UNKNOWN_FRAMING"));
        return badRecords;
    }

    private static BadRecord trade(byte[] value, String reason) {
        return new BadRecord(
                new SourceRecord(
                        Feed.TRADES,
                        0,
                        0,
                        1_234_567,
                        "any key".getBytes(StandardCharsets.UTF_8),
                        value,
                        List.of(header("traceparent", "00-1"), header("empty", ""), new Header("none", null))),
                reason);
    }

    private static Header header(String key, String value) {
        return new Header(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String connect(ConsumerRecord<byte[], byte[]> letter, String name) {
        return header(letter, "__connect.errors." + name);
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
