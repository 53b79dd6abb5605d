package io.tradeenrichment.codec.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Unions with null. */
final class Nullables {
    private Nullables() {}

    /** The type itself, or the other branch of a union of null and one type; null for any other union. */
    static @Nullable Schema type(Schema schema) {
        if (!schema.isUnion()) {
            return schema;
        }
        List<Schema> branches = schema.getTypes();
        if (branches.size() != 2 || !schema.isNullable()) {
            return null;
        }
        return branches.get(0).getType() == Schema.Type.NULL ? branches.get(1) : branches.get(0);
    }

    /** The type as a union with null; a union that has null remains as it is. */
    static Schema nullable(Schema type) {
        if (type.isUnion() && type.isNullable()) {
            return type;
        }
        List<Schema> branches = new ArrayList<>();
        branches.add(Schema.create(Schema.Type.NULL));
        branches.addAll(type.isUnion() ? type.getTypes() : List.of(type));
        return Schema.createUnion(branches);
    }

    /** The names of a record's fields, for sentences. */
    static String names(Schema record) {
        return record.getFields().stream().map(Schema.Field::name).collect(Collectors.joining(", "));
    }
}
