package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.TextIds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Compares the reader of rows with Apache Avro on random schemas: a fragment holds the values of the row's fields. */
class RowReaderByAvroTest {
    private static final int SCHEMAS = 2_000;
    private static final int ROWS = 8;
    private static final Dimension DIMENSION = new Dimension("account");

    private final RandomFields fields = new RandomFields(20261201);
    private final RandomRecords random = new RandomRecords(20261202);

    @Test
    void encodesTheColumnsOfRandomRows() throws Exception {
        int accepted = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            RowSchema schema = schema();
            RowReader reader = new RowReader(schema);
            Schema columns = columns(schema);
            GenericRecord missing = ApacheAvro.decode(ApacheAvro.RAW, columns, EnrichedLayout.nullColumns(schema));
            assertThat(columns.getFields())
                    .allSatisfy(field -> assertThat(missing.get(field.name())).isNull());
            for (int row = 0; row < ROWS; row++) {
                byte[] datum = RandomDatum.of(schema.schema(), random);
                accepted += readAsAvroReadsIt(schema, reader, columns, datum);
                byte[] cut = Arrays.copyOf(datum, random.below(datum.length));
                assertThat(readAsAvroReadsIt(schema, reader, columns, cut)).isZero();
            }
        }
        assertThat(accepted).isGreaterThan(SCHEMAS * ROWS / 2);
    }

    private int readAsAvroReadsIt(RowSchema schema, RowReader reader, Schema columns, byte[] datum) throws Exception {
        DimensionUpdate update;
        try {
            update = reader.read(ApacheAvro.sourceRecord(DIMENSION.feed(), datum), datum, 0);
        } catch (DecodeException e) {
            assertThat(e.reason()).isIn(Reason.MALFORMED, Reason.OUT_OF_RANGE);
            boolean canonical = CanonicalDatum.is(schema.schema(), datum);
            assertThat(canonical && e.reason() == Reason.MALFORMED)
                    .as(e.getMessage())
                    .isFalse();
            return 0;
        }
        assertThat(CanonicalDatum.is(schema.schema(), datum)).isTrue();
        GenericRecord row = ApacheAvro.decode(ApacheAvro.RAW, schema.schema(), datum);
        byte[] fragment = update.fragment();
        assertThat(fragment).isNotNull();
        GenericRecord read = ApacheAvro.decode(ApacheAvro.RAW, columns, fragment);
        for (Column column : schema.columns()) {
            assertThat(read.get(column.name())).as(column.name()).isEqualTo(row.get(column.source()));
        }
        Object id = row.get("account_id");
        if (id instanceof Number number) {
            assertThat(update.id()).isEqualTo(number.longValue());
            assertThat(update.text()).isNull();
        } else {
            byte[] text = id.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(update.text()).isEqualTo(text);
            assertThat(update.id()).isEqualTo(TextIds.hash(text));
        }
        return 1;
    }

    private RowSchema schema() {
        List<Schema.Field> all = fields.some();
        all.add(new Schema.Field("account_id", fields.id()));
        all.add(new Schema.Field("since", fields.time()));
        Schema schema = fields.record("Account", all);
        return new RowSchema(
                DIMENSION,
                schema,
                "account_id",
                fields.below(3) == 0 ? null : "since",
                RowSchema.defaultColumns(DIMENSION, schema, "account_id"));
    }

    private static Schema columns(RowSchema schema) {
        List<Schema.Field> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            columns.add(new Schema.Field(column.name(), schema.columnType(column)));
        }
        return Schema.createRecord("Columns", null, "random", false, columns);
    }
}
