package io.tradeenrichment.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.RowReader;
import io.tradeenrichment.codec.TradeReader;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RandomLayouts;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenMarketTest {
    private static final Market MARKET =
            new Market(42, LocalDate.of(2026, 11, 22).toEpochDay(), 2_000, 100, 60, 0.05, 0.03, 0.02);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theJobAndAvroReadEveryRecordOfRandomSchemas(long seed) throws Exception {
        var layouts = new RandomLayouts(seed);
        for (int round = 0; round < 6; round++) {
            JobSchemas schemas = layouts.next();
            var feeds = new MarketFeeds(MARKET, schemas, keys(schemas));
            List<Set<String>> rows = new ArrayList<>();
            for (RowSchema row : schemas.rows()) {
                rows.add(readRows(feeds, row));
            }
            readTrades(feeds, schemas, rows);
        }
    }

    /** Returns the ids of all rows. */
    private static Set<String> readRows(MarketFeeds feeds, RowSchema schema) throws Exception {
        Set<String> ids = new HashSet<>();
        DatumReader datums = datums(schema.schema());
        RowReader reader = new RowReader(schema);
        for (SourceRecord record : rows(feeds, schema.dimension())) {
            byte[] value = record.value();
            if (value == null) {
                continue;
            }
            datums.wrap(value);
            DimensionUpdate update = reader.read(record, datums.bytes(), datums.start());
            decode(schema.schema(), value);
            String id = id(update.id(), update.text());
            assertThat(record.key())
                    .isEqualTo((schema.idType() == IdType.TEXT ? id : String.valueOf(update.id()))
                            .getBytes(StandardCharsets.UTF_8));
            ids.add(id);
        }
        return ids;
    }

    private static void readTrades(MarketFeeds feeds, JobSchemas schemas, List<Set<String>> rows) throws Exception {
        DatumReader datums = datums(schemas.trade().schema());
        TradeReader reader = new TradeReader(schemas.trade());
        Set<String> ids = new HashSet<>();
        for (long index = 0; index < MARKET.trades(); index++) {
            SourceRecord record = feeds.trade(index);
            byte[] value = record.value();
            if (feeds.isMalformed(index) || value == null) {
                continue;
            }
            datums.wrap(value);
            Trade trade = reader.read(record, datums.bytes(), datums.start());
            decode(schemas.trade().schema(), value);
            ids.add(id(trade.tradeId(), trade.tradeIdText()));
            if (!feeds.isDuplicate(index)) {
                assertThat(trade.tradeTime()).isBetween(MARKET.timeOf(index) - 999, MARKET.timeOf(index));
            }
            for (int i = 0; i < rows.size(); i++) {
                if (trade.has(i)) {
                    assertThat(rows.get(i)).contains(id(trade.id(i), trade.text(i)));
                }
            }
            assertThat(record.key()).isEqualTo(key(trade));
        }
        assertThat(ids).hasSize((int) feeds.expected().enriched());
    }

    private static byte @Nullable [] key(Trade trade) {
        if (!trade.has(0)) {
            return null;
        }
        byte[] text = trade.text(0);
        return text == null ? DatumBuffer.key(trade.id(0)) : text;
    }

    @Test
    void everyMalformedTradeIsRejected() {
        JobSchemas schemas = fills();
        var feeds = new MarketFeeds(MARKET, schemas, keys(schemas));
        DatumReader datums = datums(schemas.trade().schema());
        TradeReader reader = new TradeReader(schemas.trade());
        int malformed = 0;
        for (long index = 0; index < MARKET.trades(); index++) {
            SourceRecord record = feeds.trade(index);
            byte[] value = record.value();
            if (feeds.isMalformed(index) && value != null) {
                malformed++;
                assertThat(isReadable(datums, reader, record, value)).isFalse();
            }
        }
        assertThat(malformed).isGreaterThan(10);
    }

    private static boolean isReadable(DatumReader datums, TradeReader reader, SourceRecord record, byte[] value) {
        try {
            datums.wrap(value);
            reader.read(record, datums.bytes(), datums.start());
            return true;
        } catch (DecodeException | InterruptedException e) {
            return false;
        }
    }

    @Test
    void generatesTheSameRecordsFromTheSameSeed() {
        JobSchemas schemas = fills();
        var feeds = new MarketFeeds(MARKET, schemas, keys(schemas));
        var again = new MarketFeeds(MARKET, schemas, keys(schemas));
        for (long index = MARKET.trades() - 1; index >= 0; index--) {
            feeds.trade(index); // the order does not matter
        }
        for (long index = 0; index < MARKET.trades(); index++) {
            assertThat(feeds.trade(index).value()).isEqualTo(again.trade(index).value());
        }
        for (Dimension dimension : List.of(ACCOUNT, ISSUE)) {
            List<SourceRecord> rows = rows(feeds, dimension);
            List<SourceRecord> others = rows(again, dimension);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i).value()).isEqualTo(others.get(i).value());
            }
        }
    }

    @Test
    void valuesFitTheNamesAndTypesOfTheirFields() throws Exception {
        JobSchemas schemas = fills();
        var feeds = new MarketFeeds(MARKET, schemas, keys(schemas));
        int withoutAccount = 0;
        int readable = 0;
        for (long index = 0; index < MARKET.trades(); index++) {
            byte[] value = feeds.trade(index).value();
            if (feeds.isMalformed(index) || value == null) {
                continue;
            }
            GenericRecord fill = decode(schemas.trade().schema(), value);
            readable++;
            assertThat(text(fill, "exec_id")).matches("EX-\\d{6,}");
            assertThat((Integer) fill.get("quantity")).isBetween(1, 1_000);
            assertThat(text(fill, "currency")).matches("[A-Z]{3}");
            assertThat(text(fill, "venue")).matches("[A-Z]{4}");
            GenericRecord order = (GenericRecord) fill.get("order");
            assertThat(text(order, "isin")).matches("US\\d{10}");
            Object account = order.get("account_id");
            if (account == null) {
                withoutAccount++;
            } else {
                assertThat(account.toString()).matches("AC-\\d{6}");
            }
            assertThat((List<?>) fill.get("tags")).hasSizeBetween(0, 3);
        }
        assertThat((double) withoutAccount / readable).isCloseTo(0.1, within(0.03));
        for (SourceRecord row : rows(feeds, ACCOUNT)) {
            byte[] value = row.value();
            if (value != null) {
                GenericRecord account = decode(schemas.row(ACCOUNT).schema(), value);
                assertThat(text(account, "client_uuid")).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
                assertThat(text(account, "country")).matches("[A-Z]{2}");
                assertThat(text(account, "name")).matches("\\w+ \\w+");
            }
        }
    }

    @Test
    void anIsinHasItsCheckDigit() {
        CodeText isin = CodeText.named(FieldName.of("securityIsin"), Schema.create(Schema.Type.STRING));
        assertThat(isin).isNotNull();
        assertThat(isin.of(37_833_100)).isEqualTo("US0378331005");
    }

    private static final Dimension ACCOUNT = new Dimension("account");
    private static final Dimension ISSUE = new Dimension("issue");

    /** Trades with nested fields, text ids, and a row with an OCC symbol. */
    private static JobSchemas fills() {
        Schema fill = new Schema.Parser().parse("""
                {"type":"record","name":"Fill","fields":[
                  {"name":"exec_id","type":"string"},
                  {"name":"order","type":{"type":"record","name":"Order","fields":[
                    {"name":"account_id","type":["null","string"]},
                    {"name":"isin","type":"string"},
                    {"name":"parent","type":["null","Order"]}]}},
                  {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
                  {"name":"quantity","type":"int"},
                  {"name":"currency","type":"string"},
                  {"name":"venue","type":"string"},
                  {"name":"tags","type":{"type":"array","items":"string"}}]}""");
        Schema account = new Schema.Parser().parse("""
                {"type":"record","name":"Account","fields":[
                  {"name":"account_id","type":"string"},
                  {"name":"client_uuid","type":"string"},
                  {"name":"country","type":"string"},
                  {"name":"name","type":"string"}]}""");
        Schema issue = new Schema.Parser().parse("""
                {"type":"record","name":"Issue","fields":[
                  {"name":"isin","type":"string"},
                  {"name":"valid_from","type":"long"},
                  {"name":"ticker","type":"string"},
                  {"name":"type","type":{"type":"enum","name":"Kind","symbols":["CALL","PUT","STOCK"]}},
                  {"name":"strike","type":["null",
                    {"type":"bytes","logicalType":"decimal","precision":9,"scale":3}]},
                  {"name":"expiry","type":["null",{"type":"int","logicalType":"date"}]}]}""");
        return new JobSchemas(
                new TradeSchema(
                        fill,
                        FieldPath.of("exec_id"),
                        FieldPath.of("at"),
                        List.of(FieldPath.of("order.account_id"), FieldPath.of("order.isin"))),
                List.of(
                        new RowSchema(
                                ACCOUNT,
                                account,
                                "account_id",
                                null,
                                RowSchema.defaultColumns(ACCOUNT, account, "account_id")),
                        new RowSchema(
                                ISSUE, issue, "isin", "valid_from", List.of(Column.of("occ_symbol=symbol", ISSUE)))));
    }

    @Test
    void anOptionHasWhatItsSymbolNeeds() throws Exception {
        JobSchemas schemas = fills();
        var feeds = new MarketFeeds(MARKET, schemas, keys(schemas));
        assertThat(readRows(feeds, schemas.row(ISSUE))).hasSizeGreaterThanOrEqualTo(MARKET.users());
    }

    private static KeyFormats keys(JobSchemas schemas) {
        Map<Dimension, KeyFormat> formats = new HashMap<>();
        schemas.rows().forEach(row -> formats.put(row.dimension(), KeyFormat.TEXT));
        return new KeyFormats(formats);
    }

    private static List<SourceRecord> rows(MarketFeeds feeds, Dimension dimension) {
        List<SourceRecord> rows = new ArrayList<>();
        feeds.snapshot(dimension.feed()).forEach(rows::add);
        for (long index = 0; index < feeds.liveRecords(dimension); index++) {
            rows.add(feeds.live(dimension, index));
        }
        return rows;
    }

    private static DatumReader datums(Schema schema) {
        return new DatumReader(Framing.SINGLE_OBJECT, KnownSchemas.of(List.of(schema)), schema, Integer.MAX_VALUE);
    }

    private static GenericRecord decode(Schema schema, byte[] value) throws IOException {
        int start = Framing.SINGLE_OBJECT.length();
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(value, start, value.length - start, null);
        GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
        assertThat(decoder.isEnd()).isTrue();
        return record;
    }

    private static String text(GenericRecord record, String field) {
        return String.valueOf(record.get(field));
    }

    private static String id(long number, byte @Nullable [] text) {
        return text == null ? String.valueOf(number) : new String(text, StandardCharsets.UTF_8);
    }
}
