package io.tradeenrichment.codec.layout;

import io.tradeenrichment.model.Dimension;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a dimension's rows, and the fields in it that the job needs.
 *
 * @param idField an int, a long or a string; it may be nullable, but a row whose id is null is rejected
 * @param validFromField a timestamp in UTC, or a long without a unit, which is in microseconds; never null. Null for the
 *     record timestamp
 * @param columns of the output, in their order
 */
public record RowSchema(
        Dimension dimension, Schema schema, String idField, @Nullable String validFromField, List<Column> columns) {

    /** @throws IllegalArgumentException with one sentence if a field is missing or has the wrong type */
    public RowSchema {
        columns = List.copyOf(columns);
    }

    /** All fields but the id, in the schema's order. */
    public static List<Column> defaultColumns(Dimension dimension, Schema schema, String idField) {
        return schema.getFields().stream()
                .filter(field -> !field.name().equals(idField))
                .map(field -> Column.of(field.name(), dimension))
                .toList();
    }

    public IdType idType() {
        return IdType.of(schema.getField(idField));
    }

    /** Whether the column is the OCC symbol, which is computed. */
    public boolean isOccSymbol(Column column) {
        return column.source().equals(Column.OCC_SYMBOL) && schema.getField(Column.OCC_SYMBOL) == null;
    }

    /** The column's type in the enriched trades, a union with null. */
    public Schema columnType(Column column) {
        Schema type = isOccSymbol(column)
                ? Schema.create(Schema.Type.STRING)
                : schema.getField(column.source()).schema();
        return Nullables.nullable(type);
    }
}
