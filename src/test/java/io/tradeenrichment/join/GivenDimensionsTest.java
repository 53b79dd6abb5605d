package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.RowReader;
import io.tradeenrichment.codec.TradeParser;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.config.DimensionConfig;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JoinTime;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.config.SchemaSource;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Joins with dimensions and schemas that are given, and their changes across a savepoint. */
class GivenDimensionsTest {
    private static final Dimension ACCOUNT = new Dimension("account");
    private static final Dimension BROKER = new Dimension("broker");
    private static final Dimension SELLER = new Dimension("seller");

    private static final Schema TRADE = new Schema.Parser().parse("""
                    {"type":"record","name":"Fill","namespace":"desk","fields":[
                     {"name":"fill_id","type":"string"},
                     {"name":"order","type":{"type":"record","name":"Order","fields":[
                       {"name":"account","type":["null","string"]},
                       {"name":"seller","type":["null","string"]}]}},
                     {"name":"broker_id","type":["long","null"]},
                     {"name":"trade_time","type":{"type":"long","logicalType":"timestamp-millis"}}]}""");

    private static final Schema TRADE_WITH_VENUE = new Schema.Parser()
            .parse(TRADE.toString()
                    .replaceFirst(
                            "\\{\"name\":\"fill_id\"",
                            "{\"name\":\"venue\",\"type\":\"string\",\"default\":\"XNYS\"},{\"name\":\"fill_id\""));

    private static final Schema ACCOUNT_ROW = new Schema.Parser().parse("""
                    {"type":"record","name":"AccountRow","namespace":"desk","fields":[
                     {"name":"tier","type":["int","string"]},
                     {"name":"account_id","type":"string"},
                     {"name":"valid_from","type":{"type":"long","logicalType":"timestamp-micros"}}]}""");

    private static final Schema BROKER_ROW = new Schema.Parser().parse("""
                    {"type":"record","name":"BrokerRow","namespace":"desk","fields":[
                     {"name":"broker_id","type":"int"},
                     {"name":"name","type":"string"}]}""");

    /** The fields of each dimension, and what the join does if a row is missing. */
    private record Joined(Dimension dimension, String field, Schema schema, MissingRow missing, String... columns) {
        RowSchema row() {
            boolean isBroker = schema.equals(BROKER_ROW);
            String id = isBroker ? "broker_id" : "account_id";
            return new RowSchema(
                    dimension,
                    schema,
                    id,
                    isBroker ? null : "valid_from",
                    columns.length == 0
                            ? RowSchema.defaultColumns(dimension, schema, id)
                            : List.of(columns).stream()
                                    .map(column -> Column.of(column, dimension))
                                    .toList());
        }
    }

    private static final Joined ACCOUNTS = new Joined(ACCOUNT, "order.account", ACCOUNT_ROW, MissingRow.WAIT);
    private static final Joined SELLERS = new Joined(SELLER, "order.seller", ACCOUNT_ROW, MissingRow.PARTIAL, "tier");
    private static final Joined BROKERS = new Joined(BROKER, "broker_id", BROKER_ROW, MissingRow.DEAD_LETTER);

    @Test
    void joinsOneDimension() throws Exception {
        Desk desk = new Desk(TRADE, ACCOUNTS);
        try (JoinHarness join = desk.open()) {
            join.update(desk.account(ACCOUNT, "a", 1, 7));
            join.trade(desk.trade("t1", "a", null, 1L));
            assertThat(desk.enriched(join))
                    .containsExactly(
                            "{\"fill_id\": \"t1\", \"order\": {\"account\": \"a\", \"seller\": null}, \"broker_id\": 1,"
                                    + " \"trade_time\": 5, \"account_tier\": 7, \"account_valid_from\": 1}");
        }
    }

    @Test
    void joinsThreeDimensionsOfWhichTwoHaveTheSameRows() throws Exception {
        Desk desk = new Desk(TRADE, ACCOUNTS, SELLERS, BROKERS);
        try (JoinHarness join = desk.open()) {
            join.update(desk.account(ACCOUNT, "a", 1, 7));
            join.update(desk.account(SELLER, "b", 1, "gold"));
            join.update(desk.broker(9, "Nomura"));
            join.trade(desk.trade("t1", "a", "b", 9L));
            join.trade(desk.trade("t2", "a", "a", 9L));
            assertThat(desk.columns(join, "account_tier", "seller_tier", "broker_name"))
                    .containsExactly("7 gold Nomura", "7 null Nomura");
            assertThat(join.trades(Account.ENRICHED)).isEqualTo(2);
        }
    }

    @Test
    void looksUpTwoRowsByTheSameField() throws Exception {
        Joined sameField = new Joined(SELLER, "order.account", ACCOUNT_ROW, MissingRow.PARTIAL, "tier");
        Desk desk = new Desk(TRADE, ACCOUNTS, sameField);
        try (JoinHarness join = desk.open()) {
            join.update(desk.account(ACCOUNT, "a", 1, 7));
            join.update(desk.account(SELLER, "a", 1, 8));
            join.trade(desk.trade("t1", "a", null, null));
            assertThat(desk.columns(join, "account_tier", "seller_tier")).containsExactly("7 8");
        }
    }

    @Test
    void looksUpNoRowIfTheFieldIsNull() throws Exception {
        Desk desk = new Desk(TRADE, ACCOUNTS, SELLERS, BROKERS);
        try (JoinHarness join = desk.open()) {
            join.trade(desk.trade("t1", null, null, null));
            assertThat(desk.columns(join, "account_tier", "seller_tier", "broker_name"))
                    .containsExactly("null null null");
            assertThat(join.rejected()).isEmpty();
        }
    }

    @Test
    void appliesThePolicyOfEachDimension() throws Exception {
        Desk desk = new Desk(TRADE, ACCOUNTS, SELLERS, BROKERS);
        try (JoinHarness join = desk.open()) {
            join.update(desk.broker(9, "Nomura"));
            join.trade(desk.trade("waits", "a", "b", 9L));
            join.trade(desk.trade("rejected", "a", "b", 8L));
            assertThat(join.trades(Account.PARKED)).isOne();
            assertThat(join.rejected()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.MISSING_ROW);
                assertThat(letter.message()).isEqualTo("trade rejected found no broker 8");
            });
            join.update(desk.account(ACCOUNT, "other", 1, 1));
            assertThat(desk.columns(join, "fill_id")).isEmpty();
            join.update(desk.account(ACCOUNT, "a", 1, 7));
            assertThat(desk.columns(join, "fill_id", "account_tier", "seller_tier"))
                    .containsExactly("waits 7 null");
        }
    }

    @Test
    void dropsARepeatedTradeWhoseIdIsAText() throws Exception {
        Desk desk = new Desk(TRADE, ACCOUNTS);
        OperatorSubtaskState state;
        try (JoinHarness join = desk.open()) {
            join.update(desk.account(ACCOUNT, "a", 1, 7));
            join.trade(desk.trade("t1", "a", null, 1L));
            join.trade(desk.trade("t1", "a", null, 1L));
            state = join.snapshot();
            assertThat(join.trades(Account.DUPLICATES)).isOne();
        }
        try (JoinHarness join = desk.setup().restore(1, state).open()) {
            join.trade(desk.trade("t1", "a", null, 1L));
            join.trade(desk.trade("t2", "a", null, 1L));
            assertThat(desk.columns(join, "fill_id")).containsExactly("t2");
        }
    }

    @Test
    void loadsANewDimensionBeforeTheNextTrade() throws Exception {
        Desk before = new Desk(TRADE, ACCOUNTS);
        OperatorSubtaskState state;
        try (JoinHarness join = before.open()) {
            join.update(before.account(ACCOUNT, "a", 1, 7));
            state = join.snapshot();
        }
        Desk after = new Desk(TRADE, BROKERS, ACCOUNTS);
        Loads loads = new Loads(after.broker(9, "Nomura"));
        try (JoinHarness join = after.setup().snapshot(loads).restore(1, state).open()) {
            assertThat(loads.dimensions).containsExactly(Set.of(BROKER));
            join.trade(after.trade("t1", "a", null, 9L));
            assertThat(after.columns(join, "broker_name", "account_tier")).containsExactly("Nomura 7");
            state = join.snapshot();
        }
        loads = new Loads();
        try (JoinHarness join = after.setup().snapshot(loads).restore(1, state).open()) {
            assertThat(loads.dimensions).isEmpty();
            assertThat(join.rows(BROKER).rows()).isOne();
        }
    }

    @Test
    void dropsTheRowsOfARemovedDimension() throws Exception {
        Desk both = new Desk(TRADE, ACCOUNTS, BROKERS);
        Desk one = new Desk(TRADE, ACCOUNTS);
        OperatorSubtaskState state;
        try (JoinHarness join =
                both.setup().snapshot(new Loads(both.broker(9, "Nomura"))).open()) {
            join.update(both.account(ACCOUNT, "a", 1, 7));
            state = join.snapshot();
        }
        try (JoinHarness join = one.setup().restore(1, state).open()) {
            assertThat(join.rows(ACCOUNT).rows()).isOne();
            join.trade(one.trade("t1", "a", null, 9L));
            assertThat(one.columns(join, "account_tier")).containsExactly("7");
            state = join.snapshot();
        }
        Loads loads = new Loads();
        try (JoinHarness join = both.setup().snapshot(loads).restore(1, state).open()) {
            assertThat(loads.dimensions).containsExactly(Set.of(BROKER));
            assertThat(join.rows(BROKER).rows()).isZero();
            assertThat(join.rows(ACCOUNT).rows()).isOne();
        }
    }

    @Test
    void loadsADimensionAgainIfItsColumnsHaveChanged() throws Exception {
        Desk before = new Desk(TRADE, ACCOUNTS, SELLERS);
        OperatorSubtaskState state;
        try (JoinHarness join = before.open()) {
            join.update(before.account(ACCOUNT, "a", 1, 7));
            join.update(before.account(SELLER, "b", 1, 8));
            state = join.snapshot();
        }
        Joined renamed =
                new Joined(SELLER, "order.seller", ACCOUNT_ROW, MissingRow.PARTIAL, "valid_from=since", "tier");
        Desk after = new Desk(TRADE, ACCOUNTS, renamed);
        Loads loads = new Loads(after.account(SELLER, "b", 3, 9));
        try (JoinHarness join = after.setup().snapshot(loads).restore(1, state).open()) {
            assertThat(loads.dimensions).containsExactly(Set.of(SELLER));
            join.trade(after.trade("t1", "a", "b", 9L));
            assertThat(after.columns(join, "account_tier", "since", "seller_tier"))
                    .containsExactly("7 3 9");
        }
    }

    @Test
    void encodesARestoredTradeUnderTheNewSchema() throws Exception {
        Desk before = new Desk(TRADE, ACCOUNTS);
        OperatorSubtaskState state;
        try (JoinHarness join = before.open()) {
            join.trade(before.trade("t1", "a", null, 1L));
            join.trade(before.trade("t2", "a", null, 2L));
            state = join.snapshot();
        }
        Desk after = new Desk(TRADE_WITH_VENUE, ACCOUNTS);
        try (JoinHarness join = after.setup().restore(1, state).open()) {
            join.update(after.account(ACCOUNT, "a", 1, 7));
            assertThat(after.columns(join, "venue", "fill_id", "account_tier"))
                    .containsExactlyInAnyOrder("XNYS t1 7", "XNYS t2 7");
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @Test
    void rejectsARestoredTradeThatTheNewSchemaCannotRead() throws Exception {
        Desk before = new Desk(TRADE, ACCOUNTS);
        OperatorSubtaskState state;
        try (JoinHarness join = before.open()) {
            join.trade(before.trade("t1", "a", null, 1L));
            join.trade(before.trade("t2", "a", null, null));
            state = join.snapshot();
        }
        Schema required = new Schema.Parser().parse(TRADE.toString().replace("[\"long\",\"null\"]", "\"long\""));
        Desk after = new Desk(required, ACCOUNTS);
        try (JoinHarness join = after.setup().restore(1, state).open()) {
            join.update(after.account(ACCOUNT, "a", 1, 7));
            assertThat(after.columns(join, "fill_id", "broker_id")).containsExactly("t1 1");
            assertThat(join.rejected())
                    .singleElement()
                    .extracting(RejectedRecord::reason)
                    .isEqualTo(Reason.OUT_OF_RANGE);
            assertThat(join.trades(Account.PARKED)).isZero();
            assertThat(join.trades(Account.DEAD_LETTERED)).isOne();
        }
    }

    /** Records which dimensions are loaded, and passes the rows that are of them. */
    private static final class Loads implements DimensionSnapshot {
        private final transient List<DimensionUpdate> rows;
        private final transient List<Set<Dimension>> dimensions = new ArrayList<>();

        Loads(DimensionUpdate... rows) {
            this.rows = List.of(rows);
        }

        @Override
        public void readAll(Set<Dimension> loaded, Receiver receiver) throws Exception {
            dimensions.add(Set.copyOf(loaded));
            for (DimensionUpdate row : rows) {
                if (loaded.contains(row.dimension())) {
                    receiver.update(row);
                }
            }
        }
    }

    /** The schemas and the settings of a job, and records under its schemas. */
    private static final class Desk {
        private final List<Joined> dimensions;
        private final JobSchemas schemas;
        private final WireFormat wire;
        private long offset;

        Desk(Schema trade, Joined... dimensions) {
            this.dimensions = List.of(dimensions);
            schemas = new JobSchemas(
                    new TradeSchema(
                            trade,
                            FieldPath.of("fill_id"),
                            FieldPath.of("trade_time"),
                            this.dimensions.stream()
                                    .map(joined -> FieldPath.of(joined.field()))
                                    .toList()),
                    this.dimensions.stream().map(Joined::row).toList());
            KnownSchemas known = KnownSchemas.of(List.of(TRADE), List.of(), schemas);
            wire = new WireFormat(Framing.SINGLE_OBJECT, feed -> known, 1 << 20, KeyFormats.BIG_ENDIAN, schemas);
        }

        JoinHarness open() throws Exception {
            return setup().open();
        }

        JoinHarness.Setup setup() {
            JobConfig.Join config = new JobConfig.Join(
                    dimensions.stream().map(Joined::missing).toList(),
                    JoinHarness.WAIT,
                    MissingRow.DEAD_LETTER,
                    KeyBy.TRADE_ID,
                    Duration.ofHours(1),
                    JoinTime.LATEST,
                    Duration.ZERO);
            List<DimensionConfig> list = dimensions.stream()
                    .map(joined -> new DimensionConfig(
                            joined.dimension(), joined.field(), SchemaSource.file("row.avsc"), "id", null, null))
                    .toList();
            return JoinHarness.with(config)
                    .wire(wire)
                    .dimensions(
                            new JobConfig.Dimensions(list, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(7), 1));
        }

        /** Always written with {@link #TRADE}, whatever schema the job has. */
        Trade trade(String id, String account, String seller, Long broker) throws Exception {
            GenericRecord order = new GenericData.Record(TRADE.getField("order").schema());
            order.put("account", account);
            order.put("seller", seller);
            GenericRecord trade = new GenericData.Record(TRADE);
            trade.put("fill_id", id);
            trade.put("order", order);
            trade.put("broker_id", broker);
            trade.put("trade_time", 5L);
            byte[] prefix = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(TRADE));
            byte[] datum = encode(trade);
            byte[] value = new byte[prefix.length + datum.length];
            System.arraycopy(prefix, 0, value, 0, prefix.length);
            System.arraycopy(datum, 0, value, prefix.length, datum.length);
            SourceRecord record = new SourceRecord(Feed.TRADES, 0, offset++, 5, null, value, List.of());
            return new TradeParser(wire, new MeteredSchemas(wire.writers())).parse(record);
        }

        DimensionUpdate account(Dimension dimension, String id, long validFrom, Object tier) throws Exception {
            GenericRecord row = new GenericData.Record(ACCOUNT_ROW);
            row.put("account_id", id);
            row.put("valid_from", validFrom);
            row.put("tier", tier);
            return update(dimension, row);
        }

        DimensionUpdate broker(int id, String name) throws Exception {
            GenericRecord row = new GenericData.Record(BROKER_ROW);
            row.put("broker_id", id);
            row.put("name", name);
            return update(BROKER, row);
        }

        private DimensionUpdate update(Dimension dimension, GenericRecord row) throws Exception {
            byte[] datum = encode(row);
            SourceRecord record = new SourceRecord(dimension.feed(), 0, offset++, 1, null, datum, List.of());
            return new RowReader(schemas.row(dimension)).read(record, datum, 0);
        }

        /** The enriched trades since the last call, as JSON. */
        List<String> enriched(JoinHarness join) throws IOException {
            return read(join).stream().map(GenericRecord::toString).toList();
        }

        /** Some fields of the enriched trades since the last call. */
        List<String> columns(JoinHarness join, String... names) throws IOException {
            return read(join).stream()
                    .map(trade -> String.join(
                            " ",
                            List.of(names).stream()
                                    .map(name -> String.valueOf(trade.get(name)))
                                    .toList()))
                    .toList();
        }

        private Collection<GenericRecord> read(JoinHarness join) throws IOException {
            var reader = new GenericDatumReader<GenericRecord>(schemas.enriched());
            List<GenericRecord> trades = new ArrayList<>();
            for (byte[] datum : join.datums()) {
                var decoder = DecoderFactory.get().binaryDecoder(datum, null);
                trades.add(reader.read(null, decoder));
                assertThat(decoder.isEnd()).isTrue();
            }
            return trades;
        }

        private static byte[] encode(GenericRecord record) throws IOException {
            var out = new ByteArrayOutputStream();
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        }
    }
}
