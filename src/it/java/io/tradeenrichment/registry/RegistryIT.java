package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.KeyFiles;
import io.tradeenrichment.Operator;
import io.tradeenrichment.Samples;
import io.tradeenrichment.Topics;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.ClassResource;
import io.tradeenrichment.process.SchemaRegistry;
import io.tradeenrichment.settings.SettingsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job with confluent framing, with a broker and a schema registry. No test lets the job restart. */
class RegistryIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String PASSWORD = "canary";
    private static final int SINGLE_OBJECT = Framing.SINGLE_OBJECT.length();
    private static final int UNKNOWN = 999_999;

    /** A writer schema with one more field, another order of the fields, and an int quantity. */
    private static final Schema OTHER_TRADE = new Schema.Parser().parse("""
            {"type":"record","name":"Trade","namespace":"io.tradeenrichment","fields":[
              {"name":"venue","type":"string"},
              {"name":"user_id","type":"int"},
              {"name":"instrument_id","type":"long"},
              {"name":"trade_id","type":"long"},
              {"name":"trade_time","type":{"type":"long","logicalType":"timestamp-micros"}},
              {"name":"trade_px","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":6}},
              {"name":"quantity","type":"int"},
              {"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY","SELL"]}}]}""");

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @RegisterExtension
    static final ClassResource<SchemaRegistry> REGISTRY = ClassResource.of(SchemaRegistry::start);

    private Topics topics;
    private int trade;
    private int instrument;
    private int user;

    @TempDir
    private Path folder;

    @BeforeEach
    void createTopicsAndRegisterSchemas() throws Exception {
        topics = new Topics(KAFKA).createAll();
        trade = register("trades", Schemas.TRADE);
        instrument = register("instruments", Schemas.INSTRUMENT);
        user = register("users", Schemas.USER);
    }

    @Test
    void readsAndWritesSchemaIdsOfARegistryBehindTlsAndALogin() throws Exception {
        int later = register("trades", OTHER_TRADE);
        new KeyFiles(folder, PASSWORD).make("server");
        Path secret = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        Map<String, String> expected = new HashMap<>();
        try (RegistryProxy proxy = RegistryProxy.withTls(
                REGISTRY.get().url(), folder.resolve("server.p12"), PASSWORD, "trades:" + PASSWORD)) {
            Map<String, String> settings = settings(proxy.url());
            settings.put(
                    "registry.truststore.file", folder.resolve("server.pem").toString());
            settings.put("registry.user", "trades");
            settings.put("registry.password-file", secret.toString());
            topics.send(List.of(
                    framed(instrument, Samples.stockRecord(1, 1_000_000, "SPY")),
                    framed(user, Samples.userRecord(1, 1_000_000, "ann"))));
            List<SourceRecord> trades = new ArrayList<>();
            for (long id = 0; id < 200; id++) {
                SourceRecord record = Samples.tradeRecord(id, 1, 1);
                trades.add(id % 3 == 0 ? otherTrade(later, record) : framed(trade, record));
                expected.put(String.valueOf(id), enriched(record, "SPY", "ann"));
            }
            SourceRecord lost = framed(UNKNOWN, Samples.tradeRecord(1_000, 1, 1));
            trades.add(lost);
            try (JobOnKafka job = new JobOnKafka(settings).start(2)) {
                topics.send(trades);
                awaitCommitted("enriched-trades", 200);
                awaitCommitted("dead-letters", 1);
                assertThat(job.gauge(Operator.DECODE_TRADES, "resolved")).isEqualTo(67);
                job.stop(folder);
            }

            ConsumerRecord<byte[], byte[]> letter =
                    topics.readAll("dead-letters").get(0);
            assertThat(letter.value()).isEqualTo(lost.value());
            assertThat(new String(letter.headers()
                            .lastHeader("trade-enrichment.reason")
                            .value()))
                    .isEqualTo("UNKNOWN_SCHEMA");
            Map<String, String> read = new HashMap<>();
            try (ConfluentReader confluent =
                    new ConfluentReader(Schemas.ENRICHED_TRADE, REGISTRY.get().url())) {
                for (ConsumerRecord<byte[], byte[]> record : topics.readAll("enriched-trades")) {
                    String text = confluent.read(record.value());
                    String id =
                            new ObjectMapper().readTree(text).path("trade_id").asText();
                    assertThat(read.put(id, text)).isNull();
                }
            }
            assertThat(read).isEqualTo(expected);
            System.out.println("Confluent's decoder read " + read.size() + " enriched trades as expected");
        }
    }

    @Test
    void whileTheRegistryIsDownOnlyRecordsOfUnknownSchemasWait() throws Exception {
        try (RegistryProxy proxy = RegistryProxy.to(REGISTRY.get().url())) {
            topics.send(List.of(
                    framed(instrument, Samples.stockRecord(1, 1_000_000, "SPY")),
                    framed(user, Samples.userRecord(1, 1_000_000, "ann"))));
            try (JobOnKafka job = new JobOnKafka(settings(proxy.url())).start(2)) {
                topics.send(List.of(framed(trade, Samples.tradeRecord(0, 1, 1))));
                awaitCommitted("enriched-trades", 1);

                proxy.disconnect(path -> true);
                for (long id = 1; id <= 100; id++) {
                    topics.send(List.of(framed(trade, Samples.tradeRecord(id, 1, 1))));
                }
                awaitCommitted("enriched-trades", 101);

                int later = register("trades", OTHER_TRADE);
                topics.send(List.of(otherTrade(later, Samples.tradeRecord(101, 1, 1))));
                await().atMost(TIMEOUT).until(() -> job.gauge(Operator.DECODE_TRADES, "schemaLookupsWaiting") == 1);
                await().atMost(TIMEOUT).until(() -> job.gauge(Operator.DECODE_TRADES, "schemaLookupSeconds") >= 2);
                for (long id = 102; id < 200; id++) {
                    topics.send(List.of(framed(trade, Samples.tradeRecord(id, 1, 1))));
                }
                assertThat(job.isRunning()).isTrue();

                proxy.reconnect();
                awaitCommitted("enriched-trades", 200);
                assertThat(job.gauge(Operator.DECODE_TRADES, "schemaLookupsWaiting"))
                        .isZero();
                job.stop(folder);
            }
            assertThat(topics.readAll("dead-letters")).isEmpty();
            assertThat(topics.readAll("enriched-trades"))
                    .hasSize(200)
                    .extracting(record -> enriched(record.value()).get("trade_id"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aJobThatWaitsForTheRegistryCanBeCancelled() throws Exception {
        try (RegistryProxy proxy = RegistryProxy.to(REGISTRY.get().url());
                JobOnKafka job = new JobOnKafka(settings(proxy.url())).start(1)) {
            proxy.disconnect(path -> true);
            int later = register("trades", OTHER_TRADE);
            topics.send(List.of(otherTrade(later, Samples.tradeRecord(1, 1, 1))));
            await().atMost(TIMEOUT).until(() -> job.gauge(Operator.DECODE_TRADES, "schemaLookupsWaiting") == 1);
            long start = System.nanoTime();
            assertThat(job.cancel()).hasStackTraceContaining("Job was cancelled");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void theSnapshotLoadWaitsForTheRegistryToo() throws Exception {
        int older = register("users", new Schema.Parser().parse("""
                {"type":"record","name":"User","namespace":"io.tradeenrichment","fields":[
                  {"name":"username","type":"string"},
                  {"name":"user_id","type":"long"},
                  {"name":"valid_from","type":{"type":"long","logicalType":"timestamp-micros"}}]}"""));
        // The latest schema is part of the job graph; an older one is looked up.
        register("users", Schemas.USER.toString().replaceFirst("]}$", ",{\"name\":\"desk\",\"type\":\"string\"}]}"));
        SourceRecord row = Samples.userRecord(1, 1_000_000, "ann");
        ByteBuffer datum = ByteBuffer.wrap(row.value(), SINGLE_OBJECT, row.value().length - SINGLE_OBJECT);
        byte[] ids = new byte[datum.remaining() - 4];
        datum.get(ids);
        byte[] name = new byte[4];
        datum.get(name);
        topics.send(List.of(
                framed(instrument, Samples.stockRecord(1, 1_000_000, "SPY")),
                with(
                        row,
                        ByteBuffer.allocate(5 + row.value().length - SINGLE_OBJECT)
                                .put(Framing.CONFLUENT.prefix(older))
                                .put(name)
                                .put(ids)
                                .array())));
        try (RegistryProxy proxy = RegistryProxy.to(REGISTRY.get().url())) {
            proxy.disconnect(path -> path.startsWith("/schemas/ids/"));
            try (JobOnKafka job = new JobOnKafka(settings(proxy.url())).start(2)) {
                topics.send(List.of(framed(trade, Samples.tradeRecord(7, 1, 1))));
                await().atMost(TIMEOUT).until(() -> job.gauge(Operator.TRADE_JOIN, "schemaLookupsWaiting") == 2);
                assertThat(topics.committed("dead-letters")).isZero();

                proxy.reconnect();
                awaitCommitted("enriched-trades", 1);
                job.stop(folder);
            }
            assertThat(enriched(topics.readAll("enriched-trades").get(0).value())
                            .get("user"))
                    .hasToString("ann");
        }
    }

    @Test
    void aSchemaThatTheRegistryRejectsFailsTheStartWithOneSentence() throws Exception {
        String subject = topics.name("enriched-trades") + "-value";
        register("enriched-trades", Schemas.USER);
        assertThat(REGISTRY.get()
                        .send("PUT", "/config/" + subject, "{\"compatibility\":\"BACKWARD\"}")
                        .statusCode())
                .isEqualTo(200);

        assertRefused(
                Map.of(),
                "registry.register: the registry rejects the schema EnrichedTrade.avsc under the subject " + subject);
        assertRefused(
                Map.of("registry.register", "look-up"),
                "registry.register is look-up, but the schema EnrichedTrade.avsc is not registered under the subject "
                        + subject);
        assertRefused(
                Map.of("registry.subject.users", topics.name("trades") + "-value"),
                "registry.subject.users: the job cannot read what is written with the newest schema under the subject "
                        + topics.name("trades") + "-value: ");
    }

    @Test
    void findsARegisteredSchemaWhateverItsFormatting() throws Exception {
        int id = register("enriched-trades", Schemas.ENRICHED_TRADE.toString(true));
        assertThat(openRegistry(Map.of("registry.register", "look-up"))).isEqualTo(Framing.CONFLUENT.prefix(id));
    }

    private void assertRefused(Map<String, String> more, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> openRegistry(more))
                .withMessageStartingWith(sentence)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    }

    private byte[] openRegistry(Map<String, String> more) throws Exception {
        Map<String, String> settings = settings(REGISTRY.get().url());
        settings.putAll(more);
        return JobOnKafka.openRegistry(settings);
    }

    private Map<String, String> settings(String url) {
        Map<String, String> settings = new HashMap<>(topics.settings());
        settings.put("wire.framing", "confluent");
        settings.put("registry.url", url);
        settings.put("registry.timeout", "2 s");
        return settings;
    }

    private int register(String role, Schema schema) throws Exception {
        return register(role, schema.toString());
    }

    private int register(String role, String schema) throws Exception {
        return REGISTRY.get().register(topics.name(role) + "-value", schema);
    }

    private void awaitCommitted(String role, long records) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(300)).until(() -> topics.committed(role) >= records);
    }

    /** The sample in confluent framing with this schema id. */
    private static SourceRecord framed(int id, SourceRecord sample) {
        int length = sample.value().length - SINGLE_OBJECT;
        return with(
                sample,
                ByteBuffer.allocate(Framing.CONFLUENT.length() + length)
                        .put((byte) 0)
                        .putInt(id)
                        .put(sample.value(), SINGLE_OBJECT, length)
                        .array());
    }

    private static SourceRecord with(SourceRecord sample, byte[] value) {
        return new SourceRecord(
                sample.feed(), 0, sample.offset(), sample.timestamp(), sample.key(), value, sample.headers());
    }

    /** The same trade, written by Avro with {@link #OTHER_TRADE}. */
    private static SourceRecord otherTrade(int id, SourceRecord sample) throws IOException {
        GenericRecord trade = trade(sample);
        GenericRecord later = new GenericData.Record(OTHER_TRADE);
        for (Schema.Field field : OTHER_TRADE.getFields()) {
            Object value = field.name().equals("venue") ? "XNYS" : trade.get(field.name());
            later.put(
                    field.name(),
                    switch (field.schema().getType()) {
                        case INT -> ((Long) value).intValue();
                        case ENUM -> new GenericData.EnumSymbol(field.schema(), value);
                        default -> value;
                    });
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(OTHER_TRADE).write(later, encoder);
        encoder.flush();
        return with(sample, out.toByteArray());
    }

    private static GenericRecord trade(SourceRecord sample) throws IOException {
        return new GenericDatumReader<GenericRecord>(Schemas.TRADE)
                .read(
                        null,
                        DecoderFactory.get()
                                .binaryDecoder(
                                        sample.value(), SINGLE_OBJECT, sample.value().length - SINGLE_OBJECT, null));
    }

    private static GenericRecord enriched(byte[] value) {
        return Samples.enriched(value, Framing.CONFLUENT.length());
    }

    /** The expected enriched trade in the JSON that Avro prints. */
    private static String enriched(SourceRecord sample, String ticker, String name) throws IOException {
        GenericRecord trade = trade(sample);
        GenericRecordBuilder enriched = new GenericRecordBuilder(Schemas.ENRICHED_TRADE);
        Schemas.TRADE.getFields().forEach(field -> enriched.set(field.name(), trade.get(field.name())));
        return enriched.set("instrument", ticker)
                .set("instrument_ticker", ticker)
                .set("instrument_type", "STOCK")
                .set("instrument_valid_from", 1_000_000L)
                .set("user", name)
                .set("user_valid_from", 1_000_000L)
                .build()
                .toString();
    }
}
