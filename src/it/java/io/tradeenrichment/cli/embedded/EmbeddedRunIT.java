package io.tradeenrichment.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.market.ExpectedCounts;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.process.CommandProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/embedded} as a process: its output, its files and its exit code. */
class EmbeddedRunIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void writesTheExpectedTotalsAndTheFilesThatMatchThem() throws Exception {
        long trades = 200_000;
        try (CommandProcess run = start("--embedded.trades", String.valueOf(trades), "--embedded.seed", "7")) {
            assertThat(run.exitCode()).isZero();
            JsonNode totals = JSON.readTree(run.lastLine());
            ExpectedCounts expected = new MarketFeeds(
                            new Market(7, Market.today(), trades, 10_000, 10_000, 0.001, 0.002, 0.0005))
                    .expected();
            assertThat(totals.get("trades_in").asLong()).isEqualTo(trades);
            assertThat(totals.get("enriched").asLong()).isEqualTo(expected.enriched());
            assertThat(totals.get("duplicates").asLong()).isEqualTo(expected.duplicates());
            assertThat(totals.get("dead_lettered").asLong()).isEqualTo(expected.malformed());
            assertThat(totals.get("dropped").asLong()).isZero();
            assertThat(totals.get("parked").asLong()).isZero();
            assertThat(expected.enriched()).isGreaterThan(trades * 98 / 100);

            Path output = Path.of(totals.get("output").asText());
            Set<Long> ids = new HashSet<>();
            long enriched = read(output.resolve("enriched-trades"), trade -> {
                ids.add((Long) trade.get("trade_id"));
                assertThat(trade.get("instrument")).isNotNull();
                assertThat(trade.get("user")).isNotNull();
            });
            assertThat(enriched).isEqualTo(expected.enriched());
            assertThat(ids).hasSize((int) expected.enriched());
            assertThat(read(output.resolve("dead-letters"), letter -> {})).isEqualTo(expected.malformed());

            assertThat(run.out()).hasSize(6);
            assertThat(run.out().subList(0, 5))
                    .allSatisfy(sample -> assertThat(sample)
                            .matches("\\{trade_id: \\d+, user: \"\\w+\", trade_px: [\\d.]+, side: (BUY|SELL),"
                                    + " instrument: \"\\w+\"}"));
        }
    }

    @Test
    void joinsRowsWithTextAndAvroKeys() throws Exception {
        try (CommandProcess run = start(
                "--embedded.trades",
                "20000",
                "--dimensions.instrument.key-format",
                "avro",
                "--dimensions.user.key-format",
                "text")) {
            assertThat(run.exitCode()).isZero();
            JsonNode totals = JSON.readTree(run.lastLine());
            ExpectedCounts expected = new MarketFeeds(
                            new Market(1, Market.today(), 20_000, 10_000, 10_000, 0.001, 0.002, 0.0005))
                    .expected();
            assertThat(totals.get("enriched").asLong()).isEqualTo(expected.enriched());
            assertThat(read(Path.of(totals.get("output").asText()).resolve("dead-letters"), letter -> {}))
                    .isEqualTo(expected.malformed());
        }
    }

    @Test
    void runsTheSchemasOfASettingsFile() throws Exception {
        Files.writeString(folder.resolve("fill.avsc"), """
                {"type":"record","name":"Fill","fields":[
                  {"name":"exec_id","type":"string"},
                  {"name":"trade_time","type":"long"},
                  {"name":"order","type":{"type":"record","name":"Order","fields":[
                    {"name":"account_id","type":"string"}]}}]}""");
        Files.writeString(folder.resolve("account.avsc"), """
                {"type":"record","name":"AccountRow","fields":[
                  {"name":"account_id","type":"string"},
                  {"name":"valid_from","type":"long"},
                  {"name":"name","type":"string"}]}""");
        Path settings = Files.writeString(folder.resolve("job.yaml"), String.format("""
                wire.trade.schema: %1$s/fill.avsc
                wire.trade.fields.trade-id: exec_id
                dimensions.names: account
                dimensions.account.field: order.account_id
                dimensions.account.schema: %1$s/account.avsc
                dimensions.account.key-format: text
                """, folder));
        try (CommandProcess run = start("--config", settings.toString(), "--embedded.trades", "20000")) {
            assertThat(run.exitCode()).isZero();
            JsonNode totals = JSON.readTree(run.lastLine());
            ExpectedCounts expected = new MarketFeeds(
                            new Market(1, Market.today(), 20_000, 10_000, 10_000, 0.001, 0.002, 0.0005))
                    .expected();
            assertThat(totals.get("enriched").asLong()).isEqualTo(expected.enriched());
            assertThat(totals.get("dead_lettered").asLong()).isEqualTo(expected.malformed());
            assertThat(run.out().get(0))
                    .matches("\\{exec_id: \"EX-\\d{6}\", trade_time: \\d+, order: \\{account_id: \"AC-\\d{6}\"\\},"
                            + " account_valid_from: \\d+, account_name: \"\\w+ \\w+\"\\}");
        }
    }

    @Test
    void ctrlCFlushesTheOutputAndPrintsTheTotals() throws Exception {
        try (CommandProcess run = start("--embedded.trades", "100000000", "--embedded.rate", "5000")) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> run.err().stream().anyMatch(line -> line.matches("in [1-9].*")));
            run.interrupt();
            run.exitCode();
            JsonNode totals = JSON.readTree(run.lastLine());
            assertThat(totals.get("trades_in").asLong()).isPositive();
            assertThat(totals.get("unaccounted").asLong()).isZero();
            assertThat(totals.get("parked").asLong()).isZero();
            Path enriched = Path.of(totals.get("output").asText()).resolve("enriched-trades");
            assertThat(read(enriched, trade -> {}))
                    .isEqualTo(totals.get("enriched").asLong());
        }
    }

    @Test
    void showsTheRunningGraphByReadableNames() throws Exception {
        try (CommandProcess run = start("--embedded.trades", "100000000", "--embedded.rate", "5000")) {
            String webUi = webUi(run);
            HttpClient http = HttpClient.newHttpClient();
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> {
                JsonNode jobs = get(http, webUi + "/jobs/overview").get("jobs");
                assertThat(jobs).hasSize(1);
                JsonNode job =
                        get(http, webUi + "/jobs/" + jobs.get(0).get("jid").asText());
                assertThat(job.get("name").asText()).isEqualTo("trade-enrichment");
                assertThat(job.get("vertices").findValuesAsText("name"))
                        .anySatisfy(name -> assertThat(name).contains("Trades -> Decode trades"))
                        .anySatisfy(name -> assertThat(name).contains("Join trades with instruments and users"));
                assertThat(job.get("vertices").findValuesAsText("status")).containsOnly("RUNNING");
            });
            run.interrupt();
            run.exitCode();
        }
    }

    @Test
    void usesAnotherPortIfTheConfiguredOneIsTakenAndReportsIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CommandProcess run = CommandProcess.start(
                        "embedded",
                        "--embedded.trades",
                        "1000",
                        "--embedded.output",
                        folder.toString(),
                        "--embedded.port",
                        String.valueOf(taken.getLocalPort()))) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.err())
                    .anyMatch(line -> line.startsWith("Port " + taken.getLocalPort() + " is taken; the web UI uses "));
        }
    }

    @Test
    void refusesAnUnknownKeyInOneSentence() throws Exception {
        assertRefused("embedded.trads", "--embedded.trads", "1000");
    }

    @Test
    void refusesAWrongValueInOneSentence() throws Exception {
        assertRefused("join.wait.timeout", "--join.wait.timeout", "soon");
    }

    @Test
    void refusesAFolderItCannotWriteToInOneSentence() throws Exception {
        Path file = Files.createFile(folder.resolve("a-file"));
        try (CommandProcess run = CommandProcess.start(
                "embedded", "--embedded.output", file.resolve("below").toString())) {
            assertThat(run.exitCode()).isNotZero();
            assertThat(run.out()).isEmpty();
            assertThat(run.err().get(run.err().size() - 1))
                    .startsWith("embedded.output: cannot write to " + file)
                    .contains("name a folder that you may write to");
        }
    }

    @Test
    void helpNamesEveryKeyOfTheRun() throws Exception {
        try (CommandProcess run = CommandProcess.start("embedded", "--help")) {
            assertThat(run.exitCode()).isZero();
            assertThat(String.join("\n", run.out()))
                    .contains("--embedded.trades", "--join.user.missing", "--dedup.retention", "--config");
        }
    }

    private void assertRefused(String key, String... args) throws Exception {
        try (CommandProcess run = CommandProcess.start("embedded", args)) {
            assertThat(run.exitCode()).isNotZero();
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).singleElement().asString().contains(key);
        }
    }

    private CommandProcess start(String... args) throws IOException {
        String[] all = Stream.concat(
                        Stream.of("--embedded.output", folder.toString(), "--embedded.port", "0"), Stream.of(args))
                .toArray(String[]::new);
        return CommandProcess.start("embedded", all);
    }

    private static String webUi(CommandProcess run) {
        return await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> run.err().stream()
                                .filter(line -> line.startsWith("Web UI: "))
                                .map(line -> line.split("\\s+")[2])
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static JsonNode get(HttpClient http, String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static long read(Path files, Consumer<GenericRecord> each) throws IOException {
        long records = 0;
        try (Stream<Path> all = Files.list(files)) {
            for (Path file : all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList()) {
                try (var reader = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
                    for (GenericRecord record : reader) {
                        each.accept(record);
                        records++;
                    }
                }
            }
        }
        return records;
    }
}
