package io.tradeenrichment.codec.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.model.Dimension;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowSchemaTest {
    private static final Dimension ACCOUNT = new Dimension("account");
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Account", "namespace": "com.desk", "fields": [
              {"name": "code", "type": "string"},
              {"name": "since", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "owner", "type": ["string", "null"], "visible": true},
              {"name": "limit", "type": ["int", "double"], "visible": true},
              {"name": "nothing", "type": "null"},
              {"name": "lots", "type": {"type": "array", "items": "long"}}]}
            """);

    @Test
    void readsTheBundledSchemas() {
        RowSchema instrument = JobSchemas.bundled().row(Dimension.INSTRUMENT);
        assertThat(instrument.idType()).isEqualTo(IdType.LONG);
        assertThat(instrument.validFromResolution()).isEqualTo(Resolution.MICROS);
        assertThat(instrument.columns())
                .extracting(Column::name)
                .containsExactly(
                        "instrument",
                        "instrument_ticker",
                        "instrument_type",
                        "instrument_strike",
                        "instrument_expiry",
                        "instrument_valid_from");
        assertThat(instrument.columns())
                .extracting(instrument::isOccSymbol)
                .containsExactly(true, false, false, false, false, false);
        assertThat(RowSchema.isVisible(Schemas.INSTRUMENT.getField("ticker"))).isTrue();
        assertThat(RowSchema.isVisible(Schemas.INSTRUMENT.getField("type"))).isFalse();
        assertThat(RowSchema.isVisible(Schemas.USER.getField("username"))).isTrue();
    }

    @Test
    void readsColumnsFromTheirTextForm() {
        assertThat(Column.of("owner", ACCOUNT)).isEqualTo(new Column("owner", "account_owner"));
        assertThat(Column.of(" owner = holder ", ACCOUNT)).isEqualTo(new Column("owner", "holder"));
    }

    @Test
    void itsDefaultColumnsAreAllFieldsButTheId() {
        assertThat(RowSchema.defaultColumns(ACCOUNT, SCHEMA, "owner"))
                .extracting(Column::name)
                .containsExactly("account_code", "account_since", "account_limit", "account_nothing", "account_lots");
    }

    @Test
    void makesColumnsNullable() {
        RowSchema row = account("code", "since", "code", "owner", "limit", "lots", "since");
        assertThat(row.columns())
                .extracting(row::columnType)
                .extracting(Schema::toString)
                .containsExactly(
                        "[\"null\",\"string\"]",
                        "[\"string\",\"null\"]",
                        "[\"null\",\"int\",\"double\"]",
                        "[\"null\",{\"type\":\"array\",\"items\":\"long\"}]",
                        "[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}]");
        assertThat(row.idType()).isEqualTo(IdType.TEXT);
        assertThat(row.validFromResolution()).isEqualTo(Resolution.MILLIS);
        assertThat(account("code", null, "owner").validFromResolution()).isNull();
    }

    @Test
    void checksOnlyTextForInvisibleCharacters() {
        assertThat(RowSchema.isVisible(SCHEMA.getField("owner"))).isTrue();
        assertThat(RowSchema.isVisible(SCHEMA.getField("limit"))).isFalse();
        assertThat(RowSchema.isVisible(SCHEMA.getField("code"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | since | Account has no field id; name one of its fields: code, since, owner, limit, nothing, lots",
                "lots | since | the field lots is of the type array, but an id must be an int, a long or a string, alone or with"
                        + " null; name another field",
                "code | from | Account has no field from; name one of its fields: code, since, owner, limit, nothing, lots",
                "code | owner | the field owner may be null, but a time must be a long that is never null: timestamp-micros,"
                        + " timestamp-millis, timestamp-nanos, or without a unit, which means microseconds; name another field",
            })
    void rejectsAWrongIdOrTime(String id, String validFrom, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> account(id, validFrom, "owner"))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | Account has no field name for a column of the account; name one of its fields in dimensions.account.columns:"
                        + " code, since, owner, limit, nothing, lots",
                "nothing | the field nothing of the account is of the type null, which cannot be made nullable; leave it out in"
                        + " dimensions.account.columns",
                "owner=code 1 | the column name 'code 1' of the account is not a name in Avro (Illegal character in: code 1); write a"
                        + " valid one like owner=account_column in dimensions.account.columns",
                "owner= | the column name '' of the account is not a name in Avro (Empty name); write a valid one like"
                        + " owner=account_column in dimensions.account.columns",
                "owner=account_code | two columns of the account have the name account_code; rename one of them in"
                        + " dimensions.account.columns, like owner=account_code_2",
                "occ_symbol | the column occ_symbol of the account is computed from the field ticker, which must be a string that is"
                        + " never null, but Account has no such field; leave the column out in dimensions.account.columns",
            })
    void rejectsAWrongColumn(String column, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> account("code", "since", "code", column))
                .withMessage(sentence);
    }

    @Test
    void rejectsNoColumns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> account("code", "since"))
                .withMessage(
                        "the account has no columns; name at least one, or leave out dimensions.account.columns to get"
                                + " all");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"ticker\",\"type\":\"string\" | {\"name\":\"ticker\",\"type\":[\"null\",\"string\"] | ticker, which must"
                        + " be a string that is never null, but is [\"null\",\"string\"]",
                "\"precision\":8,\"scale\":3 | \"precision\":8,\"scale\":4 | strike, which must be a decimal in bytes with a scale of 0"
                        + " to 3, but is [\"null\",{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":8,\"scale\":4}]",
                "{\"type\":\"int\",\"logicalType\":\"date\"} | \"int\" | expiry, which must be a date, but is [\"null\",\"int\"]",
                "{\"type\":\"enum\",\"name\":\"InstrumentType\",\"doc\":\"What kind of instrument it"
                        + " is.\",\"symbols\":[\"CALL\",\"PUT\",\"STOCK\"]} | \"string\" | type, which must be an enum that is never null, but is \"string\"",
            })
    void rejectsAnOccSymbolOfOtherTypes(String from, String to, String sentence) {
        String json = Schemas.INSTRUMENT.toString();
        assertThat(json).contains(from);
        Schema changed = new Schema.Parser().parse(json.replace(from, to));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RowSchema(
                        Dimension.INSTRUMENT,
                        changed,
                        "instrument_id",
                        "valid_from",
                        List.of(Column.of("occ_symbol", Dimension.INSTRUMENT))))
                .withMessage("the column occ_symbol of the instrument is computed from the field " + sentence
                        + "; leave the column out in dimensions.instrument.columns");
    }

    @Test
    void takesAFieldOfTheSameNameInsteadOfTheOccSymbol() {
        Schema schema =
                new Schema.Parser().parse(SCHEMA.toString().replace("\"name\":\"limit\"", "\"name\":\"occ_symbol\""));
        Column column = Column.of("occ_symbol", ACCOUNT);
        RowSchema row = new RowSchema(ACCOUNT, schema, "code", null, List.of(column));
        assertThat(row.isOccSymbol(column)).isFalse();
        assertThat(row.columnType(column)).hasToString("[\"null\",\"int\",\"double\"]");
    }

    @Test
    void itsFingerprintDependsOnWhatIsReadFromARow() {
        long fingerprint = account("code", "since", "owner", "lots").fingerprint();
        assertThat(account("code", "since", "owner", "lots").fingerprint()).isEqualTo(fingerprint);
        assertThat(account("code", null, "owner", "lots").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(account("code", "since", "lots", "owner").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(account("code", "since", "owner=holder", "lots").fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(changed("millis", "micros").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(changed("\"items\":\"long\"", "\"items\":\"int\"").fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(changed("true", "false").fingerprint()).isNotEqualTo(fingerprint);
        assertThat(changed("\"double\"", "\"float\"").fingerprint())
                .as("a field that is not read")
                .isEqualTo(fingerprint);
    }

    private static RowSchema changed(String from, String to) {
        Schema schema = new Schema.Parser().parse(SCHEMA.toString().replace(from, to));
        return account(schema, "code", "since", "owner", "lots");
    }

    private static RowSchema account(String id, @Nullable String validFrom, String... columns) {
        return account(SCHEMA, id, validFrom, columns);
    }

    private static RowSchema account(Schema schema, String id, @Nullable String validFrom, String... columns) {
        List<Column> parsed = new ArrayList<>();
        for (String column : columns) {
            parsed.add(Column.of(column, ACCOUNT));
        }
        return new RowSchema(ACCOUNT, schema, id, validFrom, parsed);
    }
}
