package io.tradeenrichment.codec.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class EnrichedSchemaTest {
    private static final Dimension ACCOUNT = new Dimension("account");
    private static final Dimension VENUE = new Dimension("venue");
    private static final Dimension DESK = new Dimension("desk");

    private static final String FILL = """
            {"type": "record", "name": "Fill", "namespace": "com.desk", "aliases": ["Execution"], "fields": [
              {"name": "id", "type": "long", "aliases": ["fill_id", "account_name"], "doc": "Ours."},
              {"name": "at", "type": "long"},
              {"name": "account", "type": "string"},
              {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}},
              {"name": "fee", "type": "bytes", "default": "\\u0001", "logicalType": "decimal", "precision": 5}]}
            """;

    private static final String ACCOUNT_ROW = """
            {"type": "record", "name": "Account", "namespace": "com.desk", "fields": [
              {"name": "id", "type": "string"},
              {"name": "name", "type": "string", "aliases": ["title"], "visible": true, "connect.note": 7},
              {"name": "level", "type": ["int", "null"], "default": 3},
              {"name": "since", "type": "long"}]}
            """;

    @Test
    void derivesTheBundledSchemaWithItsDocs() {
        assertThat(JobSchemas.bundled().enriched()).hasToString(Schemas.ENRICHED_TRADE.toString());
    }

    @Test
    void keepsTheTradesFieldsAndAddsTheColumns() {
        Schema derived = derived(FILL, account(ACCOUNT_ROW, "name", "level=grade", "since"));
        assertThat(derived).hasToString(new Schema.Parser().parse("""
                        {"type": "record", "name": "EnrichedFill", "namespace": "com.desk",
                         "doc": "A trade, then the columns of the account it was joined with. A column is null where the row \
                        has no such value, or where the row was missing and the policy said PARTIAL.",
                         "fields": [
                          {"name": "id", "type": "long", "aliases": ["fill_id"], "doc": "As in Fill."},
                          {"name": "at", "type": "long", "doc": "As in Fill."},
                          {"name": "account", "type": "string", "doc": "As in Fill; also the record's key, in UTF-8."},
                          {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]},
                           "doc": "As in Fill."},
                          {"name": "fee", "type": "bytes", "default": "\\u0001", "doc": "As in Fill.",
                           "logicalType": "decimal", "precision": 5},
                          {"name": "account_name", "type": ["null", "string"], "default": null, "doc": "Account.name.",
                           "connect.note": 7},
                          {"name": "grade", "type": ["int", "null"], "doc": "Account.level."},
                          {"name": "account_since", "type": ["null", "long"], "default": null,
                           "doc": "Which version of the account was used."}]}
                        """).toString());
    }

    @Test
    void namesEveryDimensionInItsDoc() {
        RowSchema account = account(ACCOUNT_ROW, "name");
        assertThat(derived(FILL, account, row(VENUE, ACCOUNT_ROW, "name")).getDoc())
                .startsWith("A trade, then the columns of the account and the venue it was joined with.");
        assertThat(derived(FILL, account, row(VENUE, ACCOUNT_ROW, "name"), row(DESK, ACCOUNT_ROW, "name"))
                        .getDoc())
                .startsWith("A trade, then the columns of the account, the venue and the desk it was joined with.");
    }

    @Test
    void describesANestedKey() {
        Schema trade = parsed("""
                {"type": "record", "name": "Fill", "fields": [
                  {"name": "id", "type": "long"}, {"name": "at", "type": "long"},
                  {"name": "order", "type": {"type": "record", "name": "Order", "fields": [
                    {"name": "account", "type": {"type": "record", "name": "Ref", "fields": [
                      {"name": "number", "type": "int"}]}}]}}]}
                """);
        var schema = new TradeSchema(
                trade, FieldPath.of("id"), FieldPath.of("at"), List.of(FieldPath.of("order.account.number")));
        Schema derived = EnrichedSchema.of(schema, List.of(account(ACCOUNT_ROW, "name")));
        assertThat(derived.getField("order").doc())
                .isEqualTo("As in Fill; its account.number is also the record's key, eight bytes big-endian.");
        assertThat(derived.getFullName()).isEqualTo("EnrichedFill");
    }

    @Test
    void writesATypeOfTradeAndRowOnce() {
        String row = ACCOUNT_ROW.replace(
                "{\"name\": \"level\", \"type\": [\"int\", \"null\"], \"default\": 3}",
                "{\"name\": \"level\", \"type\": {\"type\": \"enum\", \"name\": \"Side\", \"symbols\": [\"BUY\", \"SELL\"],"
                        + " \"doc\": \"Another doc.\"}}");
        Schema derived = derived(FILL, account(row, "level"));
        assertThat(derived.toString()).contains("\"type\":[\"null\",\"Side\"]");
    }

    @Test
    void acceptsATypeThatContainsItself() {
        String fill =
                FILL.replace("\"fields\": [", "\"fields\": [{\"name\": \"parent\", \"type\": [\"null\", \"Fill\"]}, ");
        String row = ACCOUNT_ROW.replace("[\"int\", \"null\"], \"default\": 3", "[\"null\", \"Account\"]");
        Schema derived = derived(fill, account(row, "level=owner"));
        Schema parent = derived.getField("parent").schema().getTypes().get(1);
        assertThat(parent.getFullName()).isEqualTo("com.desk.Fill");
        assertThat(parent.getField("parent").schema().getTypes().get(1)).isSameAs(parent);
        assertThat(derived.getField("owner").schema().getTypes().get(1).getFullName())
                .isEqualTo("com.desk.Account");
        assertThat(strictlyParsed(derived)).isEqualTo(derived);
    }

    @Test
    void rejectsAColumnWithTheNameOfATradesField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> derived(FILL, account(ACCOUNT_ROW, "name=side")))
                .withMessage(
                        "the name of the column side of the account is also the name of a field of Fill; rename the"
                                + " column in dimensions.account.columns, like name=account_side");
    }

    @Test
    void rejectsTwoColumnsOfTheSameName() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> derived(FILL, account(ACCOUNT_ROW, "name=title"), row(VENUE, ACCOUNT_ROW, "name=title")))
                .withMessage(
                        "the name of the column title of the venue is also the name of a column of the account; rename"
                                + " the column in dimensions.venue.columns, like name=venue_title");
    }

    @Test
    void rejectsTwoTypesOfTheSameName() {
        String row = ACCOUNT_ROW.replace(
                "[\"int\", \"null\"], \"default\": 3",
                "{\"type\": \"enum\", \"name\": \"Side\", \"symbols\": [\"LEFT\", \"RIGHT\"]}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> derived(FILL, account(row, "level")))
                .withMessage(
                        "the type com.desk.Side of the account has the same name as another type of the trade; give one"
                                + " of them another name or namespace in its schema file");
        assertThat(derived(FILL, account(row, "name")).getField("account_name"))
                .as("without the column, the type is not in the output")
                .isNotNull();
    }

    @Test
    void rejectsATypeWithTheNameOfTheOutput() {
        String fill = FILL.replace("\"Side\"", "\"EnrichedFill\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> derived(fill, account(ACCOUNT_ROW, "name")))
                .withMessage(
                        "the type com.desk.EnrichedFill of the trade has the same name as another type of the schema of"
                                + " the enriched trades; give one of them another name or namespace in its schema file");
    }

    @Test
    void keepsTypesWithoutANamespaceApart() {
        String row = ACCOUNT_ROW
                .replace(", \"namespace\": \"com.desk\"", "")
                .replace(
                        "[\"int\", \"null\"], \"default\": 3",
                        "{\"type\": \"enum\", \"name\": \"Side\", \"symbols\": [\"LEFT\", \"RIGHT\"]}");
        Schema derived = derived(FILL, account(row, "level"));
        assertThat(strictlyParsed(derived)).isEqualTo(derived);
        assertThat(derived.getField("account_level").schema().getTypes().get(1).getFullName())
                .isEqualTo("Side");
    }

    @Test
    void refersToATypeWithoutANamespace() {
        String row = ACCOUNT_ROW
                .replace(", \"namespace\": \"com.desk\"", "")
                .replace(
                        "{\"name\": \"since\", \"type\": \"long\"}",
                        "{\"name\": \"since\", \"type\": \"long\"},"
                                + " {\"name\": \"one\", \"type\": {\"type\": \"fixed\", \"name\": \"F\", \"size\": 2}},"
                                + " {\"name\": \"other\", \"type\": \"F\"}");
        Schema derived = derived(FILL, account(row, "one", "other"));
        assertThat(strictlyParsed(derived)).isEqualTo(derived);
    }

    @Test
    void derivesParseableSchemasFromRandomOnes() {
        var layouts = new RandomLayouts(12);
        for (int i = 0; i < 300; i++) {
            JobSchemas schemas = layouts.next();
            Schema derived = schemas.enriched();
            assertThat(strictlyParsed(derived)).isEqualTo(derived);
            int trades = schemas.trade().schema().getFields().size();
            for (Schema.Field field : schemas.trade().schema().getFields()) {
                Schema.Field kept = derived.getFields().get(field.pos());
                assertThat(kept).isEqualTo(field);
                assertThat(kept.aliases()).isEqualTo(field.aliases());
            }
            List<Schema.Field> columns =
                    derived.getFields().subList(trades, derived.getFields().size());
            assertThat(columns).allSatisfy(column -> {
                assertThat(column.schema().isNullable()).isTrue();
                assertThat(column.getObjectProp("visible")).isNull();
            });
            assertThat(columns)
                    .extracting(Schema.Field::name)
                    .containsExactlyElementsOf(schemas.rows().stream()
                            .flatMap(row -> row.columns().stream())
                            .map(Column::name)
                            .toList());
        }
    }

    static Schema strictlyParsed(Schema schema) {
        return new Schema.Parser(NameValidator.STRICT_VALIDATOR)
                .setValidateDefaults(true)
                .parse(schema.toString());
    }

    private static Schema parsed(String json) {
        return new Schema.Parser().parse(json);
    }

    private static Schema derived(String trade, RowSchema... rows) {
        List<FieldPath> fields = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            fields.add(FieldPath.of("account"));
        }
        return EnrichedSchema.of(
                new TradeSchema(parsed(trade), FieldPath.of("id"), FieldPath.of("at"), fields), List.of(rows));
    }

    private static RowSchema account(String json, String... columns) {
        return row(ACCOUNT, json, columns);
    }

    private static RowSchema row(Dimension dimension, String json, String... columns) {
        List<Column> parsed = new ArrayList<>();
        for (String column : columns) {
            parsed.add(Column.of(column, dimension));
        }
        return new RowSchema(dimension, parsed(json), "id", "since", parsed);
    }
}
