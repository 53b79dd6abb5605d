package io.tradeenrichment.codec.layout;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/** Derives the schema of enriched trades: the trade's fields, then the columns of each dimension. */
public final class EnrichedSchema {
    private EnrichedSchema() {}

    /**
     * @param rows one per dimension, in the order of {@link TradeSchema#dimensionFields}
     * @throws IllegalArgumentException with one sentence if two fields or two types have the same name
     */
    public static Schema of(TradeSchema trade, List<RowSchema> rows) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : trade.schema().getFields()) {
            fields.add(new Schema.Field(field, field.schema()));
        }
        for (RowSchema row : rows) {
            for (Column column : row.columns()) {
                Schema type = row.columnType(column);
                boolean nullFirst = type.getTypes().get(0).getType() == Schema.Type.NULL;
                fields.add(nullFirst
                        ? new Schema.Field(column.name(), type, null, JsonProperties.NULL_VALUE)
                        : new Schema.Field(column.name(), type));
            }
        }
        return Schema.createRecord(
                "Enriched" + trade.schema().getName(), null, trade.schema().getNamespace(), false, fields);
    }
}
