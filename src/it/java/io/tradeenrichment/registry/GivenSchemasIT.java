package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.AvroMaps;
import io.tradeenrichment.Desk;
import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Topics;
import io.tradeenrichment.cli.tools.SchemaCommand;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.ClassResource;
import io.tradeenrichment.process.SchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job with schemas of the user, with a broker and a schema registry: the example in {@code docs/example}, and two
 * dimensions with one topic. Apache Avro decodes the output, with the schema that the registry has for its id.
 */
class GivenSchemasIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int EXECUTIONS = 300;
    private static final String UNKNOWN_ACCOUNT = "ACC-9";
    private static final long UNKNOWN_BROKER = 99;
    private static final String UNKNOWN_LISTING = "XS0000000009";

    /** A trade between two accounts. */
    private static final Schema CROSS = new Schema.Parser().parse("""
            {"type":"record","name":"Cross","namespace":"com.example.desk","fields":[
              {"name":"cross_id","type":"long"},
              {"name":"seller","type":["null","string"]},
              {"name":"buyer","type":"string"},
              {"name":"traded_at","type":{"type":"long","logicalType":"timestamp-millis"}}]}""");

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @RegisterExtension
    static final ClassResource<SchemaRegistry> REGISTRY = ClassResource.of(SchemaRegistry::start);

    @TempDir
    private Path folder;

    @Test
    void enrichesTheTradesOfTheExampleWithSchemasOfTheRegistry() throws Exception {
        try (Topics topics = new Topics(KAFKA, Desk.TOPICS).createAll()) {
            Desk desk = desk(topics);
            topics.send(desk.rows());
            Map<String, Map<String, Object>> expected = new HashMap<>();
            List<SourceRecord> trades = new ArrayList<>();
            int unknownBrokers = 0;
            for (long number = 0; number < EXECUTIONS; number++) {
                Long broker = number % 4 == 0 ? null : number % 7 == 3 ? UNKNOWN_BROKER : Long.valueOf(number % 3);
                Map<String, Object> execution =
                        Desk.execution(number, "ACC-" + number % 5, broker, Desk.isin(number % 7));
                boolean isUnknown = Long.valueOf(UNKNOWN_BROKER).equals(broker);
                unknownBrokers += isUnknown ? 1 : 0;
                expect(expected, execution, "ACC-" + number % 5, isUnknown ? null : broker, Desk.isin(number % 7));
                trades.add(desk.trade(execution));
                if (number % 10 == 0) {
                    trades.add(desk.trade(execution));
                }
            }
            for (long number = EXECUTIONS; number < EXECUTIONS + 2; number++) {
                Map<String, Object> execution = Desk.execution(number, UNKNOWN_ACCOUNT, null, Desk.isin(1));
                expect(expected, execution, UNKNOWN_ACCOUNT, null, Desk.isin(1));
                trades.add(desk.trade(execution));
            }
            SourceRecord unlisted = desk.trade(Desk.execution(EXECUTIONS + 2, "ACC-0", 1L, UNKNOWN_LISTING));
            trades.add(unlisted);

            Map<String, String> settings = settings(topics);
            settings.put("wire.trade.schema", "registry");
            settings.put("dimensions.account.schema", "registry");
            settings.put("dimensions.broker.schema", "registry");
            try (JobOnKafka job = job(settings).start(2)) {
                topics.send(trades);
                topics.awaitEnriched(EXECUTIONS);
                topics.awaitCommitted("dead-letters", 1);
                awaitTotals(job, Map.of("parked", 2L, "duplicates", EXECUTIONS / 10L));
                assertThat(job.counter("partial").getAsLong()).isEqualTo(unknownBrokers);

                topics.send(List.of(desk.accountRow(UNKNOWN_ACCOUNT)));
                topics.awaitEnriched(EXECUTIONS + 2);
                job.stop(folder);
            }

            assertThat(enriched(topics, "exec_id")).isEqualTo(expected);
            assertThat(topics.readAll("enriched-trades"))
                    .allSatisfy(record -> assertThat(record.key())
                            .asString(StandardCharsets.UTF_8)
                            .matches("ACC-\\d"));
            ConsumerRecord<byte[], byte[]> letter =
                    topics.readAll("dead-letters").get(0);
            assertThat(letter.value()).isEqualTo(unlisted.value());
            assertThat(header(letter, "trade-enrichment.reason")).isEqualTo("MISSING_ROW");
            assertThat(header(letter, "__connect.errors.exception.message")).contains("listing", UNKNOWN_LISTING);
            assertThat(printedByTheSchemaCommand(settings)).isEqualTo(schemaOfTheOutput(topics));
        }
    }

    /** Buyer and seller wait for rows of the same topic, and a tombstone there deletes the row of both. */
    @Test
    void joinsTwoDimensionsWithTheRowsOfOneTopic() throws Exception {
        try (Topics topics = new Topics(KAFKA, List.of("accounts")).createAll()) {
            Desk desk = desk(topics);
            for (int i = 0; i < 5; i++) {
                topics.send(List.of(desk.accountRow("ACC-" + i)));
            }
            topics.send(List.of(desk.record(new Feed("accounts"), Desk.ACCOUNT, key("ACC-3"), null)));
            Map<String, Map<String, Object>> expected = new HashMap<>();
            List<SourceRecord> trades = new ArrayList<>();
            for (long id = 0; id < 100; id++) {
                trades.add(desk.trade(CROSS, cross(expected, id, "ACC-" + id % 3, id % 4 == 0 ? null : "ACC-4")));
            }
            trades.add(desk.trade(CROSS, cross(expected, 100, "ACC-3", "ACC-4")));
            trades.add(desk.trade(CROSS, cross(expected, 101, "ACC-4", "ACC-3")));
            trades.add(desk.trade(CROSS, cross(expected, 102, "ACC-3", null)));

            Map<String, String> settings = confluent(topics);
            settings.remove("kafka.topics.accounts");
            settings.put("wire.trade.schema", "registry");
            settings.put("wire.trade.fields.trade-id", "cross_id");
            settings.put("wire.trade.fields.trade-time", "traded_at");
            settings.put("dimensions.names", "buyer,seller");
            for (String dimension : List.of("buyer", "seller")) {
                settings.put("kafka.topics." + dimension + "s", topics.name("accounts"));
                settings.put("dimensions." + dimension + ".schema", "registry");
                settings.put("dimensions." + dimension + ".field", dimension);
                settings.put("dimensions." + dimension + ".id", "account_id");
                settings.put("dimensions." + dimension + ".key-format", "text");
            }
            try (JobOnKafka job = job(settings).start(2)) {
                topics.send(trades);
                topics.awaitEnriched(100);
                awaitTotals(job, Map.of("parked", 3L));
                topics.send(List.of(desk.accountRow("ACC-3")));
                topics.awaitEnriched(103);
                job.stop(folder);
            }
            assertThat(enriched(topics, "cross_id")).isEqualTo(expected);
            assertThat(topics.readAll("dead-letters")).isEmpty();
        }
    }

    private static void expect(
            Map<String, Map<String, Object>> expected,
            Map<String, Object> execution,
            String account,
            Long broker,
            String isin) {
        expected.put(
                (String) execution.get("exec_id"),
                Desk.enriched(
                        execution,
                        Desk.accountColumns(account),
                        Desk.brokerColumns(broker),
                        Desk.listingColumns(isin)));
    }

    /** @param seller may be null */
    private static Map<String, Object> cross(
            Map<String, Map<String, Object>> expected, long id, String buyer, String seller) {
        Map<String, Object> cross = new LinkedHashMap<>();
        cross.put("cross_id", id);
        cross.put("seller", seller);
        cross.put("buyer", buyer);
        cross.put("traded_at", Instant.ofEpochMilli(1_795_000_000_000L + id));
        expected.put(String.valueOf(id), Desk.enriched(cross, columns("buyer", buyer), columns("seller", seller)));
        return cross;
    }

    /** All fields of the account but the id, which is the default. */
    private static Map<String, Object> columns(String dimension, String account) {
        Map<String, Object> columns = new LinkedHashMap<>();
        Desk.account("").keySet().forEach(field -> columns.put(dimension + "_" + field, null));
        if (account != null) {
            Desk.account(account).forEach((field, value) -> columns.put(dimension + "_" + field, value));
        }
        columns.remove(dimension + "_account_id");
        return columns;
    }

    private static JobOnKafka job(Map<String, String> settings) {
        // Totals are sent with the heartbeat.
        return new JobOnKafka(settings).with(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(200));
    }

    private static void awaitTotals(JobOnKafka job, Map<String, Long> totals) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(job.totals()).containsAllEntriesOf(totals));
    }

    private static Desk desk(Topics topics) {
        return new Desk((feed, schema) -> Framing.CONFLUENT.prefix(
                REGISTRY.get().register(topics.name(feed.title()) + "-value", schema.toString())));
    }

    private static Map<String, String> settings(Topics topics) {
        Map<String, String> settings = Desk.settings();
        settings.putAll(confluent(topics));
        return settings;
    }

    private static Map<String, String> confluent(Topics topics) {
        Map<String, String> settings = topics.settings();
        settings.put("wire.framing", "confluent");
        settings.put("registry.url", REGISTRY.get().url());
        return settings;
    }

    private static byte[] key(String id) {
        return id.getBytes(StandardCharsets.UTF_8);
    }

    /** The enriched trades by their ids. Fails if an id occurs twice. */
    private static Map<String, Map<String, Object>> enriched(Topics topics, String id) throws Exception {
        Map<Integer, Schema> schemas = new HashMap<>();
        Map<String, Map<String, Object>> enriched = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.readAll("enriched-trades")) {
            int schemaId = schemaId(record);
            if (!schemas.containsKey(schemaId)) {
                schemas.put(schemaId, registered(schemaId));
            }
            Map<String, Object> trade =
                    AvroMaps.decode(schemas.get(schemaId), record.value(), Framing.CONFLUENT.length());
            assertThat(enriched.put(String.valueOf(trade.get(id)), trade)).isNull();
        }
        return enriched;
    }

    private static int schemaId(ConsumerRecord<byte[], byte[]> record) {
        ByteBuffer value = ByteBuffer.wrap(record.value());
        assertThat(value.get()).isZero();
        return value.getInt();
    }

    private static Schema registered(int id) throws Exception {
        return new Schema.Parser().parse(REGISTRY.get().schema(id));
    }

    private static Schema schemaOfTheOutput(Topics topics) throws Exception {
        return registered(schemaId(topics.readAll("enriched-trades").get(0)));
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** The schema of the enriched trades that {@code deploy/schema} prints with the job's settings. */
    private static Schema printedByTheSchemaCommand(Map<String, String> settings) throws Exception {
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int exit = SchemaCommand.command(new PrintStream(printed, true, StandardCharsets.UTF_8))
                .run(arguments.toArray(String[]::new));
        assertThat(exit).isZero();
        List<JsonNode> lines = new ObjectMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(printed.toString(StandardCharsets.UTF_8))
                .readAll();
        assertThat(lines)
                .extracting(line -> line.get("records").textValue())
                .containsExactly("trades", "accounts", "brokers", "listings", "enriched-trades");
        return new Schema.Parser().parse(lines.get(4).get("schema").toString());
    }
}
