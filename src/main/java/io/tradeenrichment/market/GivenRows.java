package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows of a schema of the settings. Not thread-safe. */
final class GivenRows implements RowContent {
    private final GivenId ids;
    private final IndexedRandom random;
    private final SchemaValues.Value row;
    private final Draw draw = new Draw();
    private long id;

    GivenRows(Market market, RowSchema schema, GivenId ids) {
        this.ids = ids;
        this.random = new IndexedRandom(market.seed(), schema.dimension().feed().title() + " values");
        Map<List<String>, SchemaValues.Value> given = new HashMap<>();
        given.put(List.of(schema.idField()), (record, into) -> ids.write(id, into));
        Resolution resolution = schema.validFromResolution();
        String validFrom = schema.validFromField();
        if (validFrom != null && resolution != null) {
            given.put(
                    List.of(validFrom),
                    (record, into) -> into.writeLong(SchemaValues.inUnit(record.time(), resolution)));
        }
        Set<List<String>> required = new HashSet<>(given.keySet());
        if (schema.columns().stream().map(Column::source).anyMatch(Column.OCC_SYMBOL::equals)) {
            // An option has both.
            required.add(List.of("strike"));
            required.add(List.of("expiry"));
        }
        this.row = SchemaValues.of(schema.schema(), given, required);
    }

    @Override
    public void write(long id, long validFrom, long revision, DatumBuffer into) {
        this.id = id;
        row.write(draw.from(random.bits(id) ^ revision, validFrom), into);
    }

    @Override
    public byte[] key(long id, KeyWriter keys) {
        return ids.isText() ? keys.key(ids.text(id).getBytes(StandardCharsets.UTF_8)) : keys.key(id);
    }
}
