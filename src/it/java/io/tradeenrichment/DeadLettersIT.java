package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.codec.Schemas;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be enriched leaves as it came, whatever it is, and the job goes on: its first failure would be its end. */
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
    private record Poison(Received record, String reason) {}

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
        Received unmatched = Samples.tradeRecord(77, 404, 1);
        poisons.add(new Poison(unmatched, "MISSING_INSTRUMENT"));
        poisons.add(new Poison(Samples.tradeRecord(78, 1, 2), "ENRICHED_TOO_LARGE"));
        Received row = Samples.stockRecord(5, 1_000_000, "X");
        poisons.add(new Poison(
                new Received(Feed.INSTRUMENTS, 0, 0, 7, new byte[] {1, 2}, row.value(), List.of(header("a", "b"))),
                "WRONG_KEY"));
        poisons.add(
                new Poison(new Received(Feed.USERS, 0, 0, 8, row.key(), new byte[] {0}, List.of()), "UNKNOWN_FRAMING"));
        return poisons;
    }

    private static Poison trade(byte[] value, String reason) {
        return new Poison(
                new Received(
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
