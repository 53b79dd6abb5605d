package io.tradeenrichment.codec.layout;

import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.model.Dimension;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a dimension's rows, and the fields in it that the job needs.
 *
 * @param schema a record
 * @param idField an int, a long or a string; it may be nullable, but a row whose id is null is rejected
 * @param validFromField a timestamp in UTC, or a long without a unit, which is in microseconds; never null. If there is no
 *     such field, a row is valid from its record timestamp
 * @param columns of the output, in their order
 */
public record RowSchema(
        Dimension dimension,
        Schema schema,
        String idField,
        @Nullable String validFromField,
        List<Column> columns) {
    /** A string field with this property, set to true, is rejected if it is empty or contains invisible characters. */
    public static final String VISIBLE = "visible";

    /** @throws IllegalArgumentException with one sentence if a field is missing or has the wrong type */
    public RowSchema {
        columns = List.copyOf(columns);
        TradeSchema.requireRecord(schema);
        IdType.of(required(schema, idField), idField);
        if (validFromField != null) {
            TimeField.resolution(required(schema, validFromField), validFromField);
        }
        check(dimension, schema, columns);
    }

    /** All fields but the id, in the schema's order. */
    public static List<Column> defaultColumns(Dimension dimension, Schema schema, String idField) {
        TradeSchema.requireRecord(schema);
        return schema.getFields().stream()
                .filter(field -> !field.name().equals(idField))
                .map(field -> Column.of(field.name(), dimension))
                .toList();
    }

    public IdType idType() {
        return IdType.of(required(schema, idField), idField);
    }

    /** Null if a row is valid from its record timestamp. */
    public @Nullable Resolution validFromResolution() {
        return validFromField == null ? null : TimeField.resolution(required(schema, validFromField), validFromField);
    }

    /** Whether the column is the OCC symbol, which is computed. */
    public boolean isOccSymbol(Column column) {
        return source(column) == null;
    }

    /** Null for the OCC symbol. */
    Schema.@Nullable Field source(Column column) {
        return schema.getField(column.source());
    }

    /** Whether the field's text is checked for invisible characters. */
    public static boolean isVisible(Schema.Field field) {
        Schema type = Nullables.type(field.schema());
        return type != null
                && type.getType() == Schema.Type.STRING
                && Boolean.TRUE.equals(field.getObjectProp(VISIBLE));
    }

    /** The type of a column in the enriched trades: a union with null. */
    public Schema columnType(Column column) {
        Schema.Field source = source(column);
        return Nullables.nullable(source == null ? Schema.create(Schema.Type.STRING) : source.schema());
    }

    /** Differs if a row's part of an enriched trade, or the version that a trade is joined with, may differ. */
    public long fingerprint() {
        String validFrom = validFromField == null
                ? "record timestamp"
                : validFromField + ":" + LayoutFingerprint.text(required(schema, validFromField));
        return LayoutFingerprint.of(
                idField + ":" + LayoutFingerprint.text(required(schema, idField)),
                validFrom,
                columns.stream().map(this::text).collect(Collectors.joining("\n")));
    }

    private String text(Column column) {
        Schema.Field source = source(column);
        return column.name() + "=" + column.source() + ":"
                + (source == null
                        ? Stream.of(OccPart.values())
                                .map(part -> LayoutFingerprint.text(required(schema, part.fieldName())))
                                .toList()
                        : LayoutFingerprint.text(source));
    }

    private static void check(Dimension dimension, Schema schema, List<Column> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("the " + dimension + " has no columns; name at least one, or leave out "
                    + setting(dimension) + " to get all");
        }
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            NameValidator.Result valid = NameValidator.UTF_VALIDATOR.validate(column.name());
            if (!valid.isOK()) {
                throw new IllegalArgumentException("the column name '" + column.name() + "' of the " + dimension
                        + " is not a name in Avro (" + valid.getErrors() + "); write a valid one like "
                        + column.source() + "=" + dimension + "_column in " + setting(dimension));
            }
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("two columns of the " + dimension + " have the name "
                        + column.name() + "; rename one of them in " + setting(dimension) + ", like "
                        + column.source() + "=" + column.name() + "_2");
            }
            Schema.Field source = schema.getField(column.source());
            if (source != null) {
                checkType(dimension, source);
            } else if (column.source().equals(Column.OCC_SYMBOL)) {
                checkOcc(dimension, schema);
            } else {
                throw new IllegalArgumentException(schema.getName() + " has no field " + column.source()
                        + " for a column of the " + dimension + "; name one of its fields in " + setting(dimension)
                        + ": " + Nullables.names(schema));
            }
        }
    }

    private static void checkType(Dimension dimension, Schema.Field source) {
        if (source.schema().getType() == Schema.Type.NULL) {
            throw new IllegalArgumentException("the field " + source.name() + " of the " + dimension
                    + " is of the type null, which cannot be made nullable; leave it out in " + setting(dimension));
        }
    }

    private static void checkOcc(Dimension dimension, Schema schema) {
        for (OccPart part : OccPart.values()) {
            Schema.Field field = schema.getField(part.fieldName());
            if (field == null || !part.fits(field)) {
                throw new IllegalArgumentException("the column " + Column.OCC_SYMBOL + " of the " + dimension
                        + " is computed from the field " + part.fieldName() + ", which must be " + part.type()
                        + (field == null
                                ? ", but " + schema.getName() + " has no such field"
                                : ", but is " + field.schema())
                        + "; leave the column out in " + setting(dimension));
            }
        }
    }

    private static Schema.Field required(Schema schema, String name) {
        return new FieldPath(List.of(name)).field(schema);
    }

    private static String setting(Dimension dimension) {
        return "dimensions." + dimension + ".columns";
    }
}
