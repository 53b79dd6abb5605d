package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be enriched leaves as it came, whatever it is, and the job goes on: its first failure would be its end. */
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "60000");
    /** Of a topic for which none is set: the broker's message.max.bytes. */
    private static final int DEFAULT_LIMIT = 1_048_588;

    private static KafkaBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    /** A bad record and the reason that its letter must give. */
    private record Poison(SourceRecord record, String reason) {}

    @Test
    void poisonBetweenGoodRecordsBecomesDeadLettersWithTheOriginalBytes() throws Exception {
        try (Topics topics = new Topics(broker)) {
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
            List<Poison> poisons = poisons();
            Map<String, Poison> expected = new HashMap<>();
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                try (KafkaProducer<byte[], byte[]> producer = topics.producer(null)) {
                    for (int i = 0; i < poisons.size(); i++) {
                        producer.send(topics.record(Samples.tradeRecord(1_000 + i, 1, 1)));
                        RecordMetadata at = producer.send(
                                        topics.record(poisons.get(i).record()))
                                .get();
                        expected.put(at.topic() + "-" + at.partition() + "@" + at.offset(), poisons.get(i));
                    }
                    producer.send(topics.record(Samples.tradeRecord(2_000, 1, 1)));
                }
                await().atMost(PATIENCE)
                        .until(() -> topics.committed("enriched-trades") == poisons.size() + 1
                                && topics.committed("dead-letters") >= poisons.size());
                assertThat(job.isRunning()).isTrue();
                job.stop(folder);
            }

            List<ConsumerRecord<byte[], byte[]>> letters = topics.readAll("dead-letters");
            assertThat(letters).hasSameSizeAs(poisons);
            for (ConsumerRecord<byte[], byte[]> letter : letters) {
                String from =
                        connect(letter, "topic") + "-" + connect(letter, "partition") + "@" + connect(letter, "offset");
                Poison poison = expected.remove(from);
                assertThat(poison).as("letter from " + from).isNotNull();
                assertThat(header(letter, "trade-enrichment.reason")).as(from).isEqualTo(poison.reason());
                assertThat(connect(letter, "exception.message")).as(from).isNotBlank();
                assertThat(connect(letter, "connector.name")).isEqualTo("trade-enrichment");
                assertThat(letter.timestamp()).isEqualTo(poison.record().timestamp());
                assertThat(letter.key()).as(from).isEqualTo(poison.record().key());
                byte[] value = poison.record().value();
                if (value != null && value.length > 1_048_000) {
                    assertThat(letter.value()).as(from).isNull();
                    assertThat(header(letter, "trade-enrichment.omitted"))
                            .isEqualTo("value of " + value.length + " bytes");
                } else {
                    assertThat(letter.value()).as(from).isEqualTo(value);
                }
                for (Header header : poison.record().headers()) {
                    assertThat(letter.headers().lastHeader(header.key()).value())
                            .isEqualTo(header.value());
                }
            }
            assertThat(expected).isEmpty();
            System.out.println("Poison: " + poisons.size() + " records of it, as many dead letters, no restart");
        }
    }

    /** A record and what its letter is without; empty if it is whole. */
    private record Sized(SourceRecord record, String omitted) {}

    /**
     * Under compression with what does not compress: then a batch is larger than its records, and a limit that was
     * exactly enough would fail the job.
     */
    @ParameterizedTest
    @CsvSource({"none, 1056780", "gzip, 1067455", "snappy, 1067455"})
    void aRecordAtTheLimitOfItsTopicIsWholeInTheSmallestTopicThatTheStartAsksFor(String compression, String limit)
            throws Exception {
        try (Topics topics = new Topics(broker)) {
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
            Map<String, Sized> expected = new HashMap<>();
            try (JobOnKafka job = new JobOnKafka(settings).start(1)) {
                assertThat(job.warnings()).isEmpty();
                try (var producer = topics.producer(null)) {
                    for (SourceRecord record : List.of(largestValue, largestHeader, largestKey)) {
                        expect(expected, send(topics, producer, record), new Sized(record, ""));
                        // Two bytes more are too many: this was the largest that its topic takes.
                        assertThatThrownBy(() -> producer.send(topics.record(larger(record)))
                                        .get())
                                .hasRootCauseInstanceOf(RecordTooLargeException.class);
                    }
                }
                await().atMost(PATIENCE).until(() -> topics.committed("dead-letters") == 3);
                assertThat(omitted(job)).containsExactly(0L, 0L, 0L);
                job.stop(folder);
            }
            assertLetters(expected, topics.readAll("dead-letters"));
        }
    }

    @Test
    void aLetterThatCannotBeWholeKeepsWhatMattersMostAndIsCounted() throws Exception {
        try (Topics topics = new Topics(broker)) {
            topics.create("trades", 1, Map.of());
            topics.create("instruments", 1, COMPACTED);
            Map<String, String> large = new HashMap<>(COMPACTED);
            large.put("max.message.bytes", "8000000");
            topics.create("users", 1, large);
            topics.create("enriched-trades", 1, Map.of());
            topics.create("dead-letters", 1, Map.of("max.message.bytes", "1000000"));

            List<Sized> sized = List.of(
                    new Sized(sized(Feed.USERS, random(20), random(30), random(3_000_000)), "headers of 3000008 bytes"),
                    new Sized(
                            sized(Feed.USERS, random(20), random(900_000), random(900_000)), "headers of 900007 bytes"),
                    new Sized(sized(Feed.USERS, random(20), random(3_000_000), random(30)), "value of 3000000 bytes"),
                    new Sized(
                            sized(Feed.USERS, random(20), random(2_000_000), random(1_500_000)),
                            "headers of 1500008 bytes, value of 2000000 bytes"),
                    new Sized(sized(Feed.USERS, random(1_000_000), random(30), random(30)), "key of 1000000 bytes"),
                    new Sized(
                            sized(Feed.USERS, random(1_100_000), random(1_200_000), random(1_300_000)),
                            "headers of 1300008 bytes, value of 1200000 bytes, key of 1100000 bytes"),
                    new Sized(sized(Feed.USERS, random(300_000), random(300_000), random(300_000)), ""));
            // Smaller than its topic's limit only because it is compressed: the limit says nothing of what is in it.
            Sized inflated = new Sized(
                    sized(Feed.TRADES, random(20), new byte[1_040_000], random(30)), "value of 1040000 bytes");
            Map<String, Sized> expected = new HashMap<>();
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(1)) {
                assertThat(job.warnings())
                        .singleElement()
                        .asString()
                        .contains("accepts records of at most 1000000 bytes")
                        .contains("accepts up to 8000000")
                        .endsWith("to 8008192 or more.");
                try (var producer = topics.producer(null);
                        var compressing = compressing(topics)) {
                    for (Sized each : sized) {
                        expect(expected, send(topics, producer, each.record()), each);
                    }
                    expect(expected, send(topics, compressing, inflated.record()), inflated);
                }
                await().atMost(PATIENCE).until(() -> topics.committed("dead-letters") == expected.size());
                assertThat(omitted(job)).containsExactly(4L, 4L, 2L);
                assertThat(job.exportedNames("deadLettersWithoutValue"))
                        .containsExactly("flink_taskmanager_job_task_operator_user_deadLettersWithoutValue");
                job.stop(folder);
            }
            assertLetters(expected, topics.readAll("dead-letters"));
        }
    }

    private static void expect(Map<String, Sized> expected, RecordMetadata at, Sized sized) {
        expected.put(at.topic() + "-" + at.partition() + "@" + at.offset(), sized);
    }

    private static RecordMetadata send(Topics topics, KafkaProducer<byte[], byte[]> producer, SourceRecord record)
            throws Exception {
        return producer.send(topics.record(record)).get();
    }

    private static KafkaProducer<byte[], byte[]> compressing(Topics topics) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                topics.settings().get("kafka.bootstrap.servers"),
                "compression.type",
                "gzip",
                "max.request.size",
                16 << 20);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<Long> omitted(JobOnKafka job) {
        return Stream.of("deadLettersWithoutHeaders", "deadLettersWithoutValue", "deadLettersWithoutKey")
                .map(counter -> job.counter(counter).getAsLong())
                .toList();
    }

    private static void assertLetters(Map<String, Sized> expected, List<ConsumerRecord<byte[], byte[]>> letters) {
        assertThat(letters).hasSameSizeAs(expected.keySet());
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            String from =
                    connect(letter, "topic") + "-" + connect(letter, "partition") + "@" + connect(letter, "offset");
            Sized sized = expected.remove(from);
            assertThat(sized).as(from).isNotNull();
            SourceRecord record = sized.record();
            String omitted = sized.omitted();
            var said = letter.headers().lastHeader("trade-enrichment.omitted");
            assertThat(said == null ? "" : new String(said.value(), StandardCharsets.UTF_8))
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

    /** The record that fills its topic's limit to the last byte. */
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

    /** Bytes that do not compress and are of no framing. */
    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        bytes[0] = 'x';
        return bytes;
    }

    private static List<Poison> poisons() {
        byte[] good = Samples.tradeRecord(9, 1, 1).value();
        byte[] prefix = Samples.prefix(Schemas.TRADE);
        List<Poison> poisons = new ArrayList<>();
        poisons.add(trade(null, "NO_VALUE"));
        poisons.add(trade(new byte[0], "UNKNOWN_FRAMING"));
        poisons.add(trade("hello, world".getBytes(StandardCharsets.UTF_8), "UNKNOWN_FRAMING"));
        poisons.add(trade(prefix, "MALFORMED"));
        for (int length = prefix.length + 1; length < good.length; length++) {
            poisons.add(trade(Arrays.copyOf(good, length), "MALFORMED"));
        }
        poisons.add(trade(Arrays.copyOf(good, good.length + 3), "MALFORMED"));
        byte[] unknown = good.clone();
        unknown[5] ^= 1;
        poisons.add(trade(unknown, "UNKNOWN_SCHEMA"));
        poisons.add(trade(new byte[1_048_571], "TOO_LARGE"));
        poisons.add(trade(new byte[4 << 20], "TOO_LARGE"));
        SourceRecord unmatched = Samples.tradeRecord(77, 404, 1);
        poisons.add(new Poison(unmatched, "MISSING_INSTRUMENT"));
        poisons.add(new Poison(Samples.tradeRecord(78, 1, 2), "ENRICHED_TOO_LARGE"));
        SourceRecord row = Samples.stockRecord(5, 1_000_000, "X");
        poisons.add(new Poison(
                new SourceRecord(Feed.INSTRUMENTS, 0, 0, 7, new byte[] {1, 2}, row.value(), List.of(header("a", "b"))),
                "WRONG_KEY"));
        poisons.add(new Poison(
                new SourceRecord(Feed.USERS, 0, 0, 8, row.key(), new byte[] {0}, List.of()), "UNKNOWN_FRAMING"));
        return poisons;
    }

    private static Poison trade(byte[] value, String reason) {
        return new Poison(
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
