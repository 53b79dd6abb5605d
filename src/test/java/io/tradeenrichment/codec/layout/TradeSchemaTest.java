package io.tradeenrichment.codec.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import java.util.Collections;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TradeSchemaTest {
    private static final Schema FILL = new Schema.Parser().parse("""
            {"type": "record", "name": "Fill", "namespace": "com.desk", "fields": [
              {"name": "exec_id", "type": {"type": "string", "logicalType": "uuid"}},
              {"name": "number", "type": ["int", "null"]},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
              {"name": "plain", "type": "long"},
              {"name": "connect", "type": {"type": "long", "connect.name": "org.apache.kafka.connect.data.Timestamp"}},
              {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
              {"name": "strange", "type": {"type": "long", "logicalType": "ticks"}},
              {"name": "maybe", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
              {"name": "price", "type": "double"},
              {"name": "either", "type": ["null", "long", "string"]},
              {"name": "tags", "type": {"type": "array", "items": "string"}},
              {"name": "order", "type": {"type": "record", "name": "Order", "fields": [
                {"name": "account", "type": ["null", {"type": "record", "name": "Account", "fields": [
                  {"name": "id", "type": "long"}, {"name": "opened", "type": "long"}]}]},
                {"name": "sent", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}}]}
            """);

    @Test
    void readsTheBundledSchema() {
        TradeSchema trade = JobSchemas.bundled().trade();
        assertThat(trade.schema()).isEqualTo(Schemas.TRADE);
        assertThat(trade.isTextTradeId()).isFalse();
        assertThat(trade.tradeTimeResolution()).isEqualTo(Resolution.MICROS);
        assertThat(trade.isTextId(0)).isFalse();
    }

    @Test
    void findsFieldsInNestedAndNullableRecords() {
        TradeSchema trade = fill("exec_id", "order.sent", "order.account.id", "number");
        assertThat(trade.isTextTradeId()).isTrue();
        assertThat(trade.tradeTimeResolution()).isEqualTo(Resolution.MILLIS);
        assertThat(trade.idType(0)).isEqualTo(IdType.LONG);
        assertThat(trade.idType(1)).isEqualTo(IdType.INT);
        assertThat(trade.dimensionFields().get(0).fields(FILL))
                .extracting(Schema.Field::name)
                .containsExactly("order", "account", "id");
        assertThat(trade.dimensionFields().get(0).isNullable(FILL)).isTrue();
        assertThat(trade.tradeTime().isNullable(FILL)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"at,NANOS", "plain,MICROS", "connect,MILLIS", "order.sent,MILLIS"})
    void readsTimesOfEveryUnit(String field, Resolution resolution) {
        assertThat(fill("exec_id", field, "number").tradeTimeResolution()).isEqualTo(resolution);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acct | Fill has no field acct; name one of its fields: exec_id, number, at, plain, connect, local, strange, maybe,"
                        + " price, either, tags, order",
                "order.acct | Order has no field acct; name one of its fields: account, sent",
                "number.id | the path number.id goes through the field number, which is neither a record nor a union of null and a"
                        + " record; name another field",
                "tags.id | the path tags.id goes through the field tags, which is neither a record nor a union of null and a"
                        + " record; name another field",
                "order..id | 'order..id' does not name a field; write its name, with the records around it like order.account_id",
                "'' | '' does not name a field; write its name, with the records around it like order.account_id",
                "price | the field price is of the type double, but an id must be an int, a long or a string, alone or with null;"
                        + " name another field",
                "order.account | the field order.account is of the type record, but an id must be an int, a long or a string, alone"
                        + " or with null; name another field",
                "either | the field either is a union of several types, but an id must be an int, a long or a string, alone or with"
                        + " null; name another field",
                "at | the field at has a unit (timestamp-nanos), but an id must be an int, a long or a string, alone or with null;"
                        + " name another field",
            })
    void rejectsAFieldThatCannotBeAnId(String field, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fill("exec_id", "at", "number", field))
                .withMessage(sentence);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fill(field, "at", "number"))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "price | the field price is of the type double",
                "exec_id | the field exec_id is of the type string",
                "maybe | the field maybe may be null",
                "order.account.opened | the field order.account.opened is in a record that may be null",
                "local | the field local is local-timestamp-micros, local time of an unknown zone",
                "strange | the field strange has the unit logicalType \"ticks\"",
            })
    void rejectsAFieldThatCannotBeATime(String field, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fill("exec_id", field, "number"))
                .withMessage(sentence
                        + ", but a time must be a long that is never null: timestamp-micros, timestamp-millis,"
                        + " timestamp-nanos, or without a unit, which means microseconds; name another field");
    }

    @Test
    void rejectsASchemaThatIsNotARecord() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TradeSchema(
                        Schema.create(Schema.Type.LONG), FieldPath.of("a"), FieldPath.of("b"), List.of()))
                .withMessage("the schema is of the type long, but must be a record");
    }

    @Test
    void rejectsNoDimensionAndTooMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fill("exec_id", "at"))
                .withMessage("trades are joined with 1 to 31 dimensions, but the settings name 0");
        fill("exec_id", "at", Collections.nCopies(31, "number").toArray(String[]::new));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        fill("exec_id", "at", Collections.nCopies(32, "number").toArray(String[]::new)))
                .withMessage("trades are joined with 1 to 31 dimensions, but the settings name 32");
    }

    @Test
    void itsFingerprintDependsOnFieldsUnitsAndTypesButNotOnDocs() {
        long fingerprint = fill("exec_id", "at", "number").fingerprint();
        assertThat(fill("exec_id", "at", "number").fingerprint()).isEqualTo(fingerprint);
        assertThat(fill("exec_id", "plain", "number").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(fill("exec_id", "at", "plain").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(changed("timestamp-millis", "timestamp-micros").fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(changed("\"int\"", "\"long\"").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(changed("\"Account\"", "\"Account\",\"doc\":\"an account\"").fingerprint())
                .isEqualTo(fingerprint);
    }

    private static TradeSchema changed(String from, String to) {
        return new TradeSchema(
                new Schema.Parser().parse(FILL.toString().replace(from, to)),
                FieldPath.of("exec_id"),
                FieldPath.of("at"),
                List.of(FieldPath.of("number")));
    }

    private static TradeSchema fill(String tradeId, String tradeTime, String... dimensions) {
        return new TradeSchema(
                FILL,
                FieldPath.of(tradeId),
                FieldPath.of(tradeTime),
                List.of(dimensions).stream().map(FieldPath::of).toList());
    }
}
