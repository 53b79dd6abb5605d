package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Trades of a schema of the settings. Not thread-safe. */
final class GivenTrades implements TradeContent {
    private final IndexedRandom random;
    private final SchemaValues.Value trade;
    private final Draw draw = new Draw();
    private long index;
    private long tradeId;
    private byte @Nullable [] key;

    /**
     * @param ids of each dimension
     * @param rows the numbers of rows
     */
    GivenTrades(Market market, JobSchemas schemas, List<GivenId> ids, List<Integer> rows) {
        this.random = new IndexedRandom(market.seed(), "trade values");
        TradeSchema schema = schemas.trade();
        Map<List<String>, SchemaValues.Value> given = new HashMap<>();
        GivenId tradeIds = GivenId.of(schema);
        Resolution resolution = schema.tradeTimeResolution();
        for (int i = 0; i < ids.size(); i++) {
            String feed = schemas.rows().get(i).dimension().feed().title();
            var numbers = new RowNumbers(new IndexedRandom(market.seed(), "trade " + feed), ids.get(i), rows.get(i));
            boolean isKey = i == 0;
            given.putIfAbsent(schema.dimensionFields().get(i).names(), (record, into) -> {
                long number = numbers.of(index);
                if (isKey) {
                    key = numbers.ids().key(number);
                }
                numbers.ids().write(number, into);
            });
        }
        given.put(schema.tradeId().names(), (record, into) -> tradeIds.write(tradeId, into));
        given.put(
                schema.tradeTime().names(),
                (record, into) -> into.writeLong(SchemaValues.inUnit(record.time(), resolution)));
        this.trade = SchemaValues.of(
                schema.schema(),
                given,
                Set.of(schema.tradeId().names(), schema.tradeTime().names()));
    }

    private record RowNumbers(IndexedRandom random, GivenId ids, int rows) {
        long of(long index) {
            return random.skewed(index, rows);
        }
    }

    @Override
    public byte @Nullable [] write(long index, long tradeId, long time, DatumBuffer into) {
        this.index = index;
        this.tradeId = tradeId;
        this.key = null;
        trade.write(draw.from(random.bits(index), time), into);
        return key;
    }

    @Override
    public Corruption corruption(long random) {
        return Corruption.ofAnySchema(random);
    }
}
