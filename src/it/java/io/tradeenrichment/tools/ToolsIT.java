package io.tradeenrichment.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Topics;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.CommandProcess;
import io.tradeenrichment.process.SchemaRegistry;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/generate} and {@code deploy/tail} as processes, with a running job between them. */
class ToolsIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    @Test
    void theJobEnrichesWhatGenerateSendsAndTailShowsIt() throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll()) {
            JsonNode first = generated(topics, "--generate.trades", "20000", "--generate.rate", "0");
            List<ConsumerRecord<byte[], byte[]>> trades = topics.readAll("trades");
            assertThat(trades).hasSize(20_000).hasSize(first.get("trades").asInt());
            assertThat(topics.readAll("instruments"))
                    .hasSize(first.get("instruments").asInt());
            assertThat(topics.readAll("users")).hasSize(first.get("users").asInt());
            assertThat(ids(trades)).hasSize(first.get("expected_enriched").asInt());
            assertThat(first.get("duplicates").asLong()).isPositive();
            assertThat(first.get("malformed").asLong()).isPositive();

            long enriched = first.get("expected_enriched").asLong();
            long dead = first.get("malformed").asLong();
            try (JobOnKafka job = new JobOnKafka(topics.settings()).start(2)) {
                awaitOutput(topics, enriched, dead);

                JsonNode second = generated(topics, "--generate.trades", "10000", "--generate.rate", "0");
                assertThat(second.get("first_trade_id").asLong())
                        .isGreaterThan(first.get("first_trade_id").asLong() + 20_000);
                enriched += second.get("expected_enriched").asLong();
                dead += second.get("malformed").asLong();
                awaitOutput(topics, enriched, dead);

                generated(
                        topics,
                        "--generate.trade",
                        "trade_id=77,instrument_id=1,user_id=1,trade_px=38.05,quantity=3,side=SELL");
                awaitOutput(topics, enriched + 1, dead);
                theCommandThatGeneratePrintsFindsTheTrade(topics);
                tailFindsADeadLetterByTheIdOfItsTrade(topics);
                enriched++;
                job.stop(folder);
            }
            assertThat(ids(topics.readAll("enriched-trades"))).hasSize((int) enriched + 1);

            List<String> shown = tailed(
                    topics, "--tail.topics", "enriched-trades", "--tail.from", "beginning", "--tail.count", "500");
            assertThat(shown).hasSize(500).allMatch(line -> line.matches("\\{trade_id: \\d+, user: \".+\", .*}"));
            assertThat(tailed(topics, "--tail.trade-id", "77", "--tail.count", "1"))
                    .singleElement()
                    .asString()
                    .startsWith("{trade_id: 77, ")
                    .contains("trade_px: 38.05, side: SELL, instrument: \"");
            assertThat(tailed(topics, "--tail.topics", "dead-letters", "--tail.last", "4", "--tail.count", "4"))
                    .hasSize(4)
                    .allMatch(line -> line.contains("from: \"" + topics.name("trades") + "-"));
            String json =
                    tailed(topics, "--tail.count", "1", "--tail.format", "json").get(0);
            assertThat(JSON.readTree(json).get("topic").asText()).isNotEmpty();
        }
    }

    private static void theCommandThatGeneratePrintsFindsTheTrade(Topics topics) throws Exception {
        String printed;
        long id;
        try (CommandProcess generate = started(
                "generate", topics, "--generate.trade", "instrument_id=2,user_id=2,trade_px=1,quantity=1,side=BUY")) {
            assertThat(generate.exitCode()).isZero();
            id = JSON.readTree(generate.lastLine()).get("first_trade_id").asLong();
            printed = generate.err().get(generate.err().size() - 1).strip();
        }
        assertThat(printed)
                .startsWith("deploy/tail --")
                .contains(" --tail.trade-id " + id + " --tail.since ")
                .doesNotContain("generate.");
        try (CommandProcess tail = CommandProcess.startLine(printed)) {
            assertThat(tail.exitCode()).as(() -> tail.err().toString()).isZero();
            assertThat(tail.out()).singleElement().asString().startsWith("{trade_id: " + id + ", ");
        }
    }

    private static void tailFindsADeadLetterByTheIdOfItsTrade(Topics topics) throws Exception {
        byte[] prefix = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(Schemas.TRADE));
        ConsumerRecord<byte[], byte[]> letter = topics.readAll("dead-letters").stream()
                .filter(dead -> dead.value() != null && dead.value().length > 30)
                .filter(dead -> Arrays.equals(prefix, Arrays.copyOf(dead.value(), prefix.length)))
                // Its first number is complete.
                .filter(dead -> dead.value()[prefix.length] != (byte) 0xFF)
                .findFirst()
                .orElseThrow();
        long id = DecoderFactory.get()
                .binaryDecoder(letter.value(), prefix.length, letter.value().length - prefix.length, null)
                .readLong();
        assertThat(tailed(topics, "--tail.trade-id", String.valueOf(id), "--tail.count", "1"))
                .singleElement()
                .asString()
                .startsWith("{dead_letter: \"MALFORMED\"");
    }

    @Test
    void generateAndTailUseTheRegistry() throws Exception {
        try (SchemaRegistry registry = SchemaRegistry.start();
                Topics topics = new Topics(KAFKA).createAll()) {
            String[] framing = {"--wire.framing=confluent", "--registry.url=" + registry.url()};
            Map<String, String> settings = topics.settings();
            settings.put("wire.framing", "confluent");
            settings.put("registry.url", registry.url());
            settings.put("dimensions.instrument.key-format", "avro");
            settings.put("dimensions.user.key-format", "text");
            JsonNode sent = generated(
                    topics,
                    "--generate.trades",
                    "5000",
                    "--generate.rate",
                    "0",
                    framing[0],
                    framing[1],
                    "--dimensions.instrument.key-format=avro",
                    "--dimensions.user.key-format=text");
            assertThat(topics.readAll("instruments"))
                    .extracting(ConsumerRecord::key)
                    .allMatch(key -> key[0] == 0 && key.length > 5);
            assertThat(topics.readAll("users"))
                    .extracting(row -> new String(row.key(), StandardCharsets.US_ASCII))
                    .allMatch(key -> key.matches("[1-9][0-9]*"));
            assertThat(topics.readAll("users"))
                    .filteredOn(row -> row.value() != null)
                    .isNotEmpty()
                    .allMatch(row -> row.value()[0] == 0);
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                awaitOutput(
                        topics,
                        sent.get("expected_enriched").asLong(),
                        sent.get("malformed").asLong());
                job.stop(folder);
            }
            assertThat(tailed(
                            topics,
                            "--tail.topics",
                            "enriched-trades",
                            "--tail.last",
                            "20",
                            "--tail.count",
                            "20",
                            framing[0],
                            framing[1]))
                    .hasSize(20)
                    .allMatch(line -> line.startsWith("{trade_id: "));
        }
    }

    @Test
    void ctrlCEndsGenerateAfterItsRowsAreSentAndEndsTailSilently() throws Exception {
        try (Topics topics = new Topics(KAFKA)) {
            try (CommandProcess generate = started(
                    "generate",
                    topics,
                    "--kafka.topics.create",
                    "true",
                    "--generate.rate",
                    "500",
                    "--generate.late-share",
                    "0.05")) {
                await().atMost(TIMEOUT)
                        .until(() -> generate.err().stream().anyMatch(line -> line.matches("trades [1-9].*")));
                generate.interrupt();
                generate.exitCode();

                JsonNode sent = JSON.readTree(generate.lastLine());
                List<ConsumerRecord<byte[], byte[]>> trades = topics.readAll("trades");
                assertThat(trades).hasSize(sent.get("trades").asInt());
                Set<Long> instruments = new HashSet<>();
                topics.readAll("instruments")
                        .forEach(row ->
                                instruments.add(ByteBuffer.wrap(row.key()).getLong()));
                for (long id = 1; id <= 10_000; id++) {
                    assertThat(instruments).contains(id);
                }
            }
            topics.create("enriched-trades", 1, Map.of());
            topics.create("dead-letters", 1, Map.of());
            try (CommandProcess tail = started("tail", topics, "--tail.from", "beginning")) {
                try (var producer = topics.producer()) {
                    producer.send(new ProducerRecord<>(topics.name("enriched-trades"), null, new byte[] {1}));
                }
                await().atMost(TIMEOUT).until(() -> !tail.out().isEmpty());
                tail.interrupt();
                tail.exitCode();
                assertThat(tail.out()).singleElement().asString().startsWith("{unreadable: ");
            }
        }
    }

    @Test
    void tailReportsAMissingTopicInOneSentence() throws Exception {
        try (Topics topics = new Topics(KAFKA);
                CommandProcess tail = started("tail", topics)) {
            assertThat(tail.exitCode()).isEqualTo(2);
            assertThat(tail.out()).isEmpty();
            assertThat(tail.err())
                    .filteredOn(line -> !line.startsWith("Building;"))
                    .singleElement()
                    .asString()
                    // Not startsWith: a build before it leaves Maven's control characters on the line.
                    .contains("kafka.topics.dead-letters: there is no topic " + topics.name("dead-letters"));
        }
    }

    private static void awaitOutput(Topics topics, long enriched, long dead) {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(List.of(topics.committed("enriched-trades"), topics.committed("dead-letters")))
                                .containsExactly(enriched, dead));
    }

    private static JsonNode generated(Topics topics, String... args) throws Exception {
        try (CommandProcess generate = started("generate", topics, args)) {
            assertThat(generate.exitCode()).as(() -> generate.err().toString()).isZero();
            return JSON.readTree(generate.lastLine());
        }
    }

    private static List<String> tailed(Topics topics, String... args) throws Exception {
        try (CommandProcess tail = started("tail", topics, args)) {
            assertThat(tail.exitCode()).as(() -> tail.err().toString()).isZero();
            return tail.out();
        }
    }

    private static CommandProcess started(String script, Topics topics, String... args) throws Exception {
        List<String> all = new ArrayList<>();
        topics.settings().forEach((key, value) -> all.add("--" + key + "=" + value));
        all.addAll(Arrays.asList(args));
        return CommandProcess.start(script, all.toArray(String[]::new));
    }

    /** The ids of the well-formed trades, read by Avro's own decoder. */
    private static Set<Long> ids(List<ConsumerRecord<byte[], byte[]>> records) {
        var trades = new BinaryMessageDecoder<GenericRecord>(new GenericData(), Schemas.TRADE);
        var enriched = new BinaryMessageDecoder<GenericRecord>(new GenericData(), Schemas.ENRICHED_TRADE);
        enriched.addSchema(Schemas.ENRICHED_TRADE);
        Set<Long> ids = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                var decoder = record.topic().startsWith("enriched") ? enriched : trades;
                var in = new ByteArrayInputStream(record.value());
                GenericRecord trade = decoder.decode(in, null);
                if (in.available() == 0) {
                    ids.add((Long) trade.get("trade_id"));
                }
            } catch (Exception malformed) {
                // Malformed on purpose.
            }
        }
        return ids;
    }
}
