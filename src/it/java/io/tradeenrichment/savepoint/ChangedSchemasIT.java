package io.tradeenrichment.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.AvroMaps;
import io.tradeenrichment.Desk;
import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Operator;
import io.tradeenrichment.Samples;
import io.tradeenrichment.SnapshotLoadLog;
import io.tradeenrichment.Topics;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job of {@code docs/example} is stopped with a savepoint and continues from it with other dimensions, columns or
 * trades. All rows exist before the first start.
 */
class ChangedSchemasIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final List<String> WITHOUT_BROKER = List.of("account", "listing");
    private static final List<String> ALL = List.of("account", "broker", "listing");

    @RegisterExtension
    static final Broker KAFKA = Broker.shared();

    @TempDir
    private Path folder;

    private final Desk desk = new Desk((feed, schema) -> Samples.prefix(schema));
    private final Map<String, Map<String, Object>> expected = new HashMap<>();
    /** The schemas of the enriched trades, by their framing. */
    private final Map<ByteBuffer, Schema> outputs = new HashMap<>();

    private Topics topics;

    @BeforeEach
    void sendRows() throws Exception {
        topics = new Topics(KAFKA, Desk.TOPICS).createAll();
        topics.send(desk.rows());
    }

    @AfterEach
    void deleteTopics() {
        topics.close();
    }

    @Test
    void aNewDimensionIsLoadedBeforeTheNextTradeAndARemovedOneIsDropped() throws Exception {
        String savepoint;
        try (JobOnKafka job = job(settings(WITHOUT_BROKER)).start(2)) {
            send(0, 50, WITHOUT_BROKER);
            topics.awaitEnriched(50);
            park(job, 900, "ACC-8", WITHOUT_BROKER);
            savepoint = job.stop(folder);
        }

        // Without its row, a trade would be a dead letter.
        Map<String, String> settings = settings(ALL);
        settings.put("join.broker.missing", "dead-letter");
        send(50, 100, ALL);
        try (SnapshotLoadLog loads = new SnapshotLoadLog();
                JobOnKafka job = job(settings).from(savepoint).start(1)) {
            topics.awaitEnriched(100);
            assertThat(loads.lines()).singleElement().asString().startsWith("Read 3 records");
            topics.send(List.of(desk.accountRow("ACC-8")));
            expect(execution(900, "ACC-8"), ALL);
            topics.awaitEnriched(101);
            park(job, 901, "ACC-9", ALL);
            savepoint = job.stop(folder);
        }

        send(100, 150, WITHOUT_BROKER);
        try (SnapshotLoadLog loads = new SnapshotLoadLog();
                JobOnKafka job = job(settings(WITHOUT_BROKER))
                        .with(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true)
                        .from(savepoint)
                        .start(2)) {
            topics.awaitEnriched(151);
            topics.send(List.of(desk.accountRow("ACC-9")));
            expect(execution(901, "ACC-9"), WITHOUT_BROKER);
            topics.awaitEnriched(152);
            assertThat(loads.lines()).isEmpty();
            savepoint = job.stop(folder);
        }

        // The rows of the first time are not in the state any more.
        topics.send(List.of(desk.brokerRow(77)));
        try (SnapshotLoadLog loads = new SnapshotLoadLog();
                JobOnKafka job = job(settings).from(savepoint).start(2)) {
            send(150, 200, ALL);
            topics.awaitEnriched(202);
            assertThat(loads.lines()).hasSize(2).allMatch(line -> line.startsWith("Read 4 records"));
            job.stop(folder);
        }
        assertThat(enriched()).isEqualTo(expected);
        assertThat(topics.readAll("dead-letters")).isEmpty();
    }

    @Test
    void aNewColumnLoadsTheRowsAgainAndParkedTradesGetANewFieldOfTrades() throws Exception {
        Map<String, String> settings = settings(ALL);
        settings.put("dimensions.account.columns", "name=account");
        String savepoint;
        try (JobOnKafka job = job(settings).start(2)) {
            for (long number = 0; number < 50; number++) {
                Map<String, Object> trade = Desk.execution(number);
                topics.send(List.of(desk.trade(trade)));
                expect(trade, ALL);
                expected.get(Desk.execId(number)).remove("account_region");
            }
            topics.awaitEnriched(50);
            park(job, 900, "ACC-8", ALL);
            savepoint = job.stop(folder);
        }

        Path file = Files.writeString(
                folder.resolve("Execution.avsc"),
                Files.readString(Desk.file("Execution"))
                        .replace(
                                "{\"name\": \"isin\"",
                                "{\"name\": \"desk\", \"type\": [\"null\", \"string\"], \"default\": null},\n"
                                        + "    {\"name\": \"isin\""));
        Schema withDesk = new Schema.Parser().parse(file.toFile());
        settings = settings(ALL);
        settings.put("wire.trade.schema", file.toString());
        settings.put("wire.writer-schemas", Desk.file("Execution").toString());
        List<SourceRecord> trades = new ArrayList<>();
        for (long number = 50; number < 100; number++) {
            Map<String, Object> trade = Desk.execution(number);
            if (number % 2 == 0) {
                trades.add(desk.trade(trade));
            }
            trade.put("desk", number % 2 == 0 ? null : "Desk " + number);
            if (number % 2 == 1) {
                trades.add(desk.trade(withDesk, trade));
            }
            expect(trade, ALL);
        }
        topics.send(trades);
        try (SnapshotLoadLog loads = new SnapshotLoadLog();
                JobOnKafka job = job(settings).from(savepoint).start(1)) {
            topics.awaitEnriched(100);
            assertThat(loads.lines()).singleElement().asString().startsWith("Read 5 records");
            topics.send(List.of(desk.accountRow("ACC-8")));
            Map<String, Object> parked = execution(900, "ACC-8");
            parked.put("desk", null);
            expect(parked, ALL);
            topics.awaitEnriched(101);
            job.stop(folder);
        }
        assertThat(enriched()).isEqualTo(expected);
        assertThat(topics.readAll("dead-letters")).isEmpty();
    }

    /** The settings of the example with these dimensions, without those of the others. */
    private Map<String, String> settings(List<String> dimensions) throws Exception {
        Map<String, String> settings = Desk.settings();
        settings.putAll(topics.settings());
        settings.put("dimensions.names", String.join(",", dimensions));
        settings.keySet()
                .removeIf(key -> ALL.stream()
                        .filter(name -> !dimensions.contains(name))
                        .anyMatch(name -> Stream.of("dimensions." + name + ".", "join." + name + ".")
                                        .anyMatch(key::startsWith)
                                || key.equals("kafka.topics." + name + "s")));
        return settings;
    }

    private JobOnKafka job(Map<String, String> settings) throws Exception {
        Schema output = JobOnKafka.schemas(settings).enriched();
        outputs.put(ByteBuffer.wrap(Samples.prefix(output)), output);
        return new JobOnKafka(settings);
    }

    /** Sends trades whose rows exist, and expects the columns of these dimensions. */
    private void send(long from, long to, List<String> dimensions) throws Exception {
        List<SourceRecord> trades = new ArrayList<>();
        for (long number = from; number < to; number++) {
            Map<String, Object> execution = Desk.execution(number);
            trades.add(desk.trade(execution));
            expect(execution, dimensions);
        }
        topics.send(trades);
    }

    private static Map<String, Object> execution(long number, String account) {
        return Desk.execution(number, account, 1L, Desk.isin(1));
    }

    /** Returns when a trade of an account without a row waits. */
    private void park(JobOnKafka job, long number, String account, List<String> dimensions) throws Exception {
        topics.send(List.of(desk.trade(execution(number, account))));
        Operator join = Operator.join(dimensions.stream().map(Dimension::new).toList());
        await().atMost(TIMEOUT).until(() -> job.gauge(join, "waitingKeys") == 1);
    }

    private void expect(Map<String, Object> execution, List<String> dimensions) {
        Map<?, ?> order = (Map<?, ?>) execution.get("order");
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.putAll(Desk.accountColumns((String) order.get("account_id")));
        if (dimensions.contains("broker")) {
            columns.putAll(Desk.brokerColumns((Long) order.get("broker_id")));
        }
        columns.putAll(Desk.listingColumns((String) execution.get("isin")));
        expected.put((String) execution.get("exec_id"), Desk.enriched(execution, columns));
    }

    /** The enriched trades by id, each decoded with the schema of its fingerprint. Fails if an id occurs twice. */
    private Map<String, Map<String, Object>> enriched() throws Exception {
        Map<String, Map<String, Object>> enriched = new HashMap<>();
        int start = Framing.SINGLE_OBJECT.length();
        for (ConsumerRecord<byte[], byte[]> record : topics.readAll("enriched-trades")) {
            Schema schema = outputs.get(ByteBuffer.wrap(record.value(), 0, start));
            Map<String, Object> trade = AvroMaps.decode(schema, record.value(), start);
            assertThat(enriched.put((String) trade.get("exec_id"), trade)).isNull();
        }
        return enriched;
    }
}
