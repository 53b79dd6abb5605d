package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.codec.schema.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void printsTheBundledSchemasByDefault() throws Exception {
        List<JsonNode> printed = printed();
        assertThat(printed)
                .extracting(line -> line.get("records").textValue())
                .containsExactly("trades", "instruments", "users", "enriched-trades");
        assertThat(schema(printed.get(0))).isEqualTo(Schemas.TRADE);
        assertThat(schema(printed.get(3))).isEqualTo(Schemas.ENRICHED_TRADE);
        assertThat(printed.get(0).get("fingerprint").textValue()).matches("0x[0-9A-F]{16}");
        assertThat(printed).noneMatch(line -> line.has("subject"));
    }

    @Test
    void printsTheSubjectsOfARegistry() throws Exception {
        List<JsonNode> printed = printed(
                "--registry.url=http://localhost:1",
                "--wire.framing=confluent",
                "--registry.subject.users=people",
                "--kafka.topics.enriched-trades=out");
        assertThat(printed)
                .extracting(line -> line.get("subject").textValue())
                .containsExactly("trades-value", "instruments-value", "people", "out-value");
    }

    @Test
    void printsTheSchemaThatFollowsFromTheSettings(@TempDir Path folder) throws Exception {
        Path fill = Files.writeString(
                folder.resolve("fill.avsc"),
                "{\"type\":\"record\",\"name\":\"Fill\",\"fields\":[{\"name\":\"exec_id\",\"type\":\"string\"},"
                        + "{\"name\":\"trade_time\",\"type\":\"long\"},{\"name\":\"buyer\",\"type\":\"long\"}]}");
        List<JsonNode> printed = printed(
                "--wire.trade.schema=" + fill,
                "--wire.trade.fields.trade-id=exec_id",
                "--dimensions.names=user",
                "--dimensions.user.field=buyer",
                "--dimensions.user.columns=username");
        assertThat(printed)
                .extracting(line -> line.get("records").textValue())
                .containsExactly("trades", "users", "enriched-trades");
        assertThat(schema(printed.get(2)).getFields())
                .extracting(Schema.Field::name)
                .containsExactly("exec_id", "trade_time", "buyer", "user_username");
    }

    @Test
    void printsWhatThePageOfTheExampleShows() throws Exception {
        String page = Files.readString(Path.of("docs", "example", "README.md"));
        List<JsonNode> printed = printed("--config", "docs/example/desk.yaml");
        assertThat(printed)
                .extracting(line -> line.get("records").textValue())
                .containsExactly("trades", "accounts", "brokers", "listings", "enriched-trades");
        assertThat(page).contains(printed.get(4).get("fingerprint").textValue());
        assertThat(schema(printed.get(4)).getFields())
                .extracting(Schema.Field::name)
                .endsWith(
                        "account", "account_region", "broker_name", "broker_lei", "listing_ticker", "listing_currency");
    }

    private static Schema schema(JsonNode line) {
        return new Schema.Parser().parse(line.get("schema").toString());
    }

    private static List<JsonNode> printed(String... args) throws IOException, InterruptedException {
        var bytes = new ByteArrayOutputStream();
        int exit = SchemaCommand.command(new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .run(args);
        assertThat(exit).isZero();
        return JSON.readerFor(JsonNode.class)
                .<JsonNode>readValues(bytes.toString(StandardCharsets.UTF_8))
                .readAll();
    }
}
