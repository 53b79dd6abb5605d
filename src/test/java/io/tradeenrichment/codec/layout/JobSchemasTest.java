package io.tradeenrichment.codec.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

class JobSchemasTest {
    private static final Dimension ACCOUNT = new Dimension("account");

    @Test
    void knowsTheBundledSchemas() {
        JobSchemas schemas = JobSchemas.bundled();
        assertThat(schemas.of(Feed.TRADES)).isEqualTo(Schemas.TRADE);
        assertThat(schemas.of(Feed.INSTRUMENTS)).isEqualTo(Schemas.INSTRUMENT);
        assertThat(schemas.of(Feed.USERS)).isEqualTo(Schemas.USER);
        assertThat(schemas.rows()).extracting(RowSchema::dimension).isEqualTo(Dimension.BUNDLED);
        assertThat(schemas.enriched()).isEqualTo(Schemas.ENRICHED_TRADE);
    }

    @Test
    void rejectsWhatTheJobDoesNotRead() {
        JobSchemas schemas = JobSchemas.bundled();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schemas.row(ACCOUNT))
                .withMessage("the job has no dimension account");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schemas.of(ACCOUNT.feed()))
                .withMessage("the job does not read the feed accounts");
    }

    @Test
    void rejectsATextThatIsJoinedWithANumber() {
        TradeSchema trade = JobSchemas.bundled().trade();
        Schema text = new Schema.Parser().parse("""
                {"type": "record", "name": "Account", "fields": [
                  {"name": "code", "type": "string"}, {"name": "name", "type": "string"}]}
                """);
        var row = new RowSchema(ACCOUNT, text, "code", null, List.of(Column.of("name", ACCOUNT)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JobSchemas(
                        trade, List.of(JobSchemas.bundled().rows().get(0), row)))
                .withMessage(
                        "the field user_id of the trade is of the type long, but code, the id of the account, is of the"
                                + " type string; in dimensions.account.field and dimensions.account.id, name two integers or two"
                                + " strings");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JobSchemas(trade, List.of(row)))
                .withMessage("there are 1 dimensions, but the trade has 2 fields with ids of their rows");
    }

    @Test
    void travelsWithTheJobGraph() throws Exception {
        var layouts = new RandomLayouts(3);
        for (int i = 0; i < 50; i++) {
            JobSchemas schemas = layouts.next();
            JobSchemas copy = serialized(schemas);
            assertThat(copy.trade()).isEqualTo(schemas.trade());
            assertThat(copy.rows()).isEqualTo(schemas.rows());
            assertThat(copy.enriched()).isEqualTo(schemas.enriched());
            assertThat(copy.trade().fingerprint()).isEqualTo(schemas.trade().fingerprint());
            assertThat(copy.rows().get(0).fingerprint())
                    .isEqualTo(schemas.rows().get(0).fingerprint());
        }
    }

    /** The property that the join relies on. */
    @Test
    void aTradeAndColumnsOneAfterTheOtherAreAnEnrichedTrade() throws Exception {
        var layouts = new RandomLayouts(4);
        var random = new Random(5);
        for (int i = 0; i < 300; i++) {
            JobSchemas schemas = layouts.next();
            GenericRecord trade = randomRecord(schemas.trade().schema(), random);
            List<GenericRecord> rows = schemas.rows().stream()
                    .map(row -> random.nextInt(4) == 0 ? null : randomRecord(row.schema(), random))
                    .toList();
            byte[] datum = ApacheAvro.written(encoder -> {
                new GenericDatumWriter<GenericRecord>(trade.getSchema()).write(trade, encoder);
                for (int row = 0; row < rows.size(); row++) {
                    writeColumns(schemas.rows().get(row), rows.get(row), encoder);
                }
            });
            GenericRecord enriched = ApacheAvro.decode(ApacheAvro.RAW, schemas.enriched(), datum);
            for (Schema.Field field : trade.getSchema().getFields()) {
                assertThat(enriched.get(field.name())).isEqualTo(trade.get(field.name()));
            }
            for (int row = 0; row < rows.size(); row++) {
                GenericRecord values = rows.get(row);
                for (Column column : schemas.rows().get(row).columns()) {
                    assertThat(enriched.get(column.name()))
                            .isEqualTo(values == null ? null : values.get(column.source()));
                }
            }
        }
    }

    private static void writeColumns(RowSchema schema, GenericRecord row, BinaryEncoder encoder) throws IOException {
        for (Column column : schema.columns()) {
            new GenericDatumWriter<>(schema.columnType(column))
                    .write(row == null ? null : row.get(column.source()), encoder);
        }
    }

    /** Decoded, so that its values have the classes of decoded ones. */
    private static GenericRecord randomRecord(Schema schema, Random random) {
        while (true) {
            try {
                Object value =
                        new RandomData(schema, 1, random.nextLong()).iterator().next();
                return ApacheAvro.decode(
                        ApacheAvro.RAW, schema, ApacheAvro.encode(GenericData.get(), (GenericRecord) value));
            } catch (StackOverflowError e) {
                // A recursive type: another value is smaller.
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static JobSchemas serialized(JobSchemas schemas) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(schemas);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (JobSchemas) in.readObject();
        }
    }
}
