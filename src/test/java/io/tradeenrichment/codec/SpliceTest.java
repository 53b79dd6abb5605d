package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Trade;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpliceTest {
    private static final List<byte[]> NULL_COLUMNS =
            EnrichedLayout.bundled(new byte[0]).nullColumns();
    private final RandomRecords random = new RandomRecords(2);
    private final TradeReader trades = new TradeReader(JobSchemas.bundled().trade());
    private final RowReader instruments = new RowReader(JobSchemas.bundled().row(Dimension.INSTRUMENT));
    private final RowReader users = new RowReader(JobSchemas.bundled().row(Dimension.USER));

    @Test
    void writesTheSameBytesAsAvroAlsoWithMissingRows() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            GenericRecord trade = random.trade();
            GenericRecord instrument = (i & 1) == 0 ? random.instrument() : null;
            GenericRecord user = (i & 2) == 0 ? random.user() : null;

            byte[] spliced = splice(new byte[0], trade, instrument, user);

            assertThat(spliced)
                    .isEqualTo(ApacheAvro.encode(ApacheAvro.LOGICAL, EnrichedByAvro.of(trade, instrument, user)));
        }
    }

    @Test
    void writesThePrefixBeforeTheDatum() throws Exception {
        byte[] prefix = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(Schemas.ENRICHED_TRADE));
        GenericRecord trade = random.trade();
        GenericRecord instrument = random.instrument();
        GenericRecord user = random.user();

        byte[] framed = splice(prefix, trade, instrument, user);

        assertThat(framed).startsWith(prefix).endsWith(splice(new byte[0], trade, instrument, user));
        assertThat(framed).hasSize(prefix.length + splice(new byte[0], trade, instrument, user).length);
    }

    @Test
    void copiesThePrefix() throws Exception {
        byte[] prefix = {1, 2, 3};
        Splice splice = new Splice(prefix, NULL_COLUMNS);
        prefix[0] = 9;
        assertThat(splice.splice(new byte[] {7}, 0, new byte[2][])).startsWith(1, 2, 3, 7);
    }

    /** The newer schema renames a column, promotes another, and adds a third. */
    @Test
    void writesRecordsThatAConsumerWithANewerSchemaReads() throws Exception {
        GenericRecord trade = random.trade();
        GenericRecord user = random.user();
        Schema next = new Schema.Parser()
                .parse(Schemas.ENRICHED_TRADE
                        .toString()
                        .replace("\"name\":\"user\"", "\"name\":\"trader\",\"aliases\":[\"user\"]")
                        .replace("\"name\":\"quantity\",\"type\":\"long\"", "\"name\":\"quantity\",\"type\":\"double\"")
                        .replaceFirst("]}$", ",{\"name\":\"desk\",\"type\":\"string\",\"default\":\"none\"}]}"));
        var reader = new GenericDatumReader<GenericRecord>(Schemas.ENRICHED_TRADE, next);

        byte[] spliced = splice(new byte[0], trade, random.instrument(), user);
        GenericRecord read = reader.read(null, DecoderFactory.get().binaryDecoder(spliced, null));

        assertThat(read.get("trader")).hasToString(user.get("username").toString());
        assertThat(read.get("quantity")).isEqualTo(((Long) trade.get("quantity")).doubleValue());
        assertThat(read.get("desk")).hasToString("none");
        assertThat(read.get("trade_id")).isEqualTo(trade.get("trade_id"));
    }

    @Test
    void startsTheSchemaWithTheFieldsOfATrade() {
        List<Schema.Field> trade = Schemas.TRADE.getFields();
        List<Schema.Field> enriched = Schemas.ENRICHED_TRADE.getFields().subList(0, trade.size());
        assertThat(enriched).extracting(Schema.Field::name).isEqualTo(names(trade));
        assertThat(enriched).extracting(Schema.Field::schema).isEqualTo(types(trade));
    }

    @Test
    void makesEveryColumnAfterTheTradeNullableWithDefaultNull() {
        List<Schema.Field> all = Schemas.ENRICHED_TRADE.getFields();
        assertThat(all.subList(Schemas.TRADE.getFields().size(), all.size())).allSatisfy(column -> {
            assertThat(column.schema().getTypes().get(0).getType()).isEqualTo(Schema.Type.NULL);
            assertThat(column.hasDefaultValue()).isTrue();
        });
    }

    private byte[] splice(
            byte[] prefix, GenericRecord trade, @Nullable GenericRecord instrument, @Nullable GenericRecord user)
            throws DecodeException {
        byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, trade);
        Trade read = trades.read(ApacheAvro.sourceRecord(Feed.TRADES, datum), datum, 0);
        return new Splice(prefix, NULL_COLUMNS).splice(read.bytes(), read.start(), new byte[][] {
            fragment(instruments, instrument), fragment(users, user)
        });
    }

    private static byte @Nullable [] fragment(RowReader rows, @Nullable GenericRecord row) throws DecodeException {
        if (row == null) {
            return null;
        }
        byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, row);
        DimensionUpdate update = rows.read(ApacheAvro.sourceRecord(Feed.USERS, datum), datum, 0);
        return update.fragment();
    }

    private static List<String> names(List<Schema.Field> fields) {
        return fields.stream().map(Schema.Field::name).toList();
    }

    private static List<Schema> types(List<Schema.Field> fields) {
        return fields.stream().map(Schema.Field::schema).toList();
    }
}
