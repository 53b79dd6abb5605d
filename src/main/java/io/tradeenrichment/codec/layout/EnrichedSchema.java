package io.tradeenrichment.codec.layout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParseException;

/**
 * Derives the schema of enriched trades: the trade's fields, then the columns of each dimension. Fields keep their types,
 * properties, defaults and, for the trade's fields, their aliases.
 */
public final class EnrichedSchema {
    private final TradeSchema trade;
    private final List<RowSchema> rows;
    private final List<Schema.Field> fields = new ArrayList<>();
    /** By the field's name: where it is from, for sentences. */
    private final Map<String, String> origins = new HashMap<>();

    private EnrichedSchema(TradeSchema trade, List<RowSchema> rows) {
        this.trade = trade;
        this.rows = rows;
    }

    /**
     * @param rows one per dimension, in the order of {@link TradeSchema#dimensionFields}
     * @throws IllegalArgumentException with one sentence if two fields, or two different types, have the same name
     */
    public static Schema of(TradeSchema trade, List<RowSchema> rows) {
        return new EnrichedSchema(trade, rows).derive();
    }

    private Schema derive() {
        for (Schema.Field field : trade.schema().getFields()) {
            origins.put(field.name(), trade.schema().getName());
            fields.add(tradeField(field));
        }
        for (RowSchema row : rows) {
            for (Column column : row.columns()) {
                addColumn(row, column);
            }
        }
        addAliases();
        Schema derived = Schema.createRecord(
                "Enriched" + trade.schema().getName(), doc(), trade.schema().getNamespace(), false, fields);
        checkTypes(derived);
        return parsed(derived);
    }

    private Schema.Field tradeField(Schema.Field field) {
        Schema.Field copy =
                new Schema.Field(field.name(), field.schema(), tradeDoc(field), field.defaultVal(), field.order());
        copy.addAllProps(field);
        return copy;
    }

    /** The id of the first dimension is the key of the output. */
    private String tradeDoc(Schema.Field field) {
        String doc = "As in " + trade.schema().getName();
        List<String> key = trade.dimensionFields().get(0).names();
        if (!field.name().equals(key.get(0))) {
            return doc + ".";
        }
        String form = trade.isTextId(0) ? "in UTF-8" : "eight bytes big-endian";
        return key.size() == 1
                ? doc + "; also the record's key, " + form + "."
                : doc + "; its " + String.join(".", key.subList(1, key.size())) + " is also the record's key, " + form
                        + ".";
    }

    private void addColumn(RowSchema row, Column column) {
        String origin = "a column of the " + row.dimension();
        String other = origins.putIfAbsent(column.name(), origin);
        if (other != null) {
            throw new IllegalArgumentException(
                    "the name of the column " + column.name() + " of the " + row.dimension() + " is also the name of "
                            + (other.startsWith("a column") ? other : "a field of " + other)
                            + "; rename the column in dimensions." + row.dimension() + ".columns, like "
                            + column.source() + "=" + row.dimension() + "_" + column.name());
        }
        Schema type = row.columnType(column);
        boolean nullFirst = type.getTypes().get(0).getType() == Schema.Type.NULL;
        // A default must be of the first branch, so other unions have none.
        Schema.Field field = nullFirst
                ? new Schema.Field(column.name(), type, columnDoc(row, column), JsonProperties.NULL_VALUE)
                : new Schema.Field(column.name(), type, columnDoc(row, column));
        Schema.Field source = row.source(column);
        if (source != null) {
            source.getObjectProps().forEach((key, value) -> {
                if (!key.equals(RowSchema.VISIBLE)) {
                    field.addProp(key, value);
                }
            });
        }
        fields.add(field);
    }

    private static String columnDoc(RowSchema row, Column column) {
        if (row.isOccSymbol(column)) {
            return "The symbol: a stock's ticker, or an option's compact OCC symbol, for example"
                    + " SPY241103C00200000.";
        }
        return column.source().equals(row.validFromField())
                ? "Which version of the " + row.dimension() + " was used."
                : row.schema().getName() + "." + column.source() + ".";
    }

    /** An alias of a trade's field stays, so that a reader of older enriched trades finds the field, unless it is taken. */
    private void addAliases() {
        for (Schema.Field field : trade.schema().getFields()) {
            for (String alias : field.aliases()) {
                if (!origins.containsKey(alias)) {
                    fields.get(field.pos()).addAlias(alias);
                }
            }
        }
    }

    private String doc() {
        String names = rows.stream().map(row -> "the " + row.dimension()).collect(Collectors.joining(", "));
        int last = names.lastIndexOf(", ");
        if (last >= 0) {
            names = names.substring(0, last) + " and " + names.substring(last + 2);
        }
        return "A trade, then the columns of " + names
                + " it was joined with. A column is null where the row has no such"
                + " value, or where the row was missing and the policy said PARTIAL.";
    }

    /** Avro writes a type's definition once, and then its name. */
    private void checkTypes(Schema derived) {
        Map<String, NamedType> types = new HashMap<>();
        types.put(derived.getFullName(), new NamedType(derived, "the schema of the enriched trades"));
        Set<Schema> visited = Collections.newSetFromMap(new IdentityHashMap<>());
        addTypes(trade.schema().getFields().stream().map(Schema.Field::schema).toList(), "the trade", types, visited);
        for (RowSchema row : rows) {
            addTypes(row.columns().stream().map(row::columnType).toList(), "the " + row.dimension(), types, visited);
        }
    }

    private record NamedType(Schema type, String origin) {}

    private static void addTypes(
            List<Schema> schemas, String origin, Map<String, NamedType> types, Set<Schema> visited) {
        for (Schema schema : schemas) {
            if (!visited.add(schema)) {
                continue;
            }
            switch (schema.getType()) {
                case RECORD, ENUM, FIXED -> addType(schema, origin, types);
                default -> {}
            }
            addTypes(parts(schema), origin, types, visited);
        }
    }

    private static void addType(Schema schema, String origin, Map<String, NamedType> types) {
        NamedType other = types.putIfAbsent(schema.getFullName(), new NamedType(schema, origin));
        if (other != null && !other.type().equals(schema)) {
            throw new IllegalArgumentException("the type " + schema.getFullName() + " of " + origin
                    + " has the same name as another type of " + other.origin()
                    + "; give one of them another name or namespace in its schema file");
        }
    }

    private static List<Schema> parts(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> schema.getFields().stream().map(Schema.Field::schema).toList();
            case UNION -> schema.getTypes();
            case ARRAY -> List.of(schema.getElementType());
            case MAP -> List.of(schema.getValueType());
            default -> List.of();
        };
    }

    /** The schema is published as JSON; its types must have the same names then. */
    private static Schema parsed(Schema derived) {
        String reason;
        try {
            Schema parsed = new Schema.Parser().parse(derived.toString());
            if (SchemaNormalization.toParsingForm(parsed).equals(SchemaNormalization.toParsingForm(derived))) {
                return parsed;
            }
            reason = "its types have other names then";
        } catch (SchemaParseException e) {
            reason = String.valueOf(e.getMessage());
        }
        throw new IllegalArgumentException("the schema of the enriched trades cannot be written as JSON (" + reason
                + "); give all types of the trade and of the dimensions a namespace");
    }
}
