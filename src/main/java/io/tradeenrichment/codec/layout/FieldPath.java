package io.tradeenrichment.codec.layout;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The names of nested fields, from a record to a value in it: {@code order.account_id}. */
public record FieldPath(List<String> names) implements Serializable {

    /** @throws IllegalArgumentException if there is no name, or one is empty */
    public FieldPath {
        names = List.copyOf(names);
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("'" + String.join(".", names)
                    + "' does not name a field; write its name, with the records around it like order.account_id");
        }
    }

    /** @param text the names with a dot between them */
    public static FieldPath of(String text) {
        return new FieldPath(List.of(text.strip().split("\\.", -1)));
    }

    /**
     * The fields on the path, outermost first. Each but the last is a record, or a union of null and a record.
     *
     * @throws IllegalArgumentException if the record has no such field
     */
    public List<Schema.Field> fields(Schema root) {
        List<Schema.Field> fields = new ArrayList<>();
        Schema at = root;
        for (String name : names) {
            Schema record = Nullables.type(at);
            if (record == null || record.getType() != Schema.Type.RECORD) {
                throw new IllegalArgumentException("the path " + this + " goes through the field "
                        + fields.get(fields.size() - 1).name()
                        + ", which is neither a record nor a union of null and a record; name another field");
            }
            Schema.Field field = record.getField(name);
            if (field == null) {
                throw new IllegalArgumentException(record.getName() + " has no field " + name
                        + "; name one of its fields: " + Nullables.names(record));
            }
            fields.add(field);
            at = field.schema();
        }
        return fields;
    }

    /**
     * The field at the end of the path.
     *
     * @throws IllegalArgumentException if the record has no such field
     */
    public Schema.Field field(Schema root) {
        List<Schema.Field> fields = fields(root);
        return fields.get(fields.size() - 1);
    }

    /** Whether the field, or a record around it, may be null. */
    public boolean isNullable(Schema root) {
        return fields(root).stream().anyMatch(field -> field.schema().isNullable());
    }

    @Override
    public String toString() {
        return String.join(".", names);
    }
}
