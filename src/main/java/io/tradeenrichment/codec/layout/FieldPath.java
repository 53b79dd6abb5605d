package io.tradeenrichment.codec.layout;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The names of nested fields, from a record's root to a value: {@code order.account_id}. */
public record FieldPath(List<String> names) implements Serializable {

    public FieldPath {
        names = List.copyOf(names);
    }

    /** @param text the names with a dot between them */
    public static FieldPath of(String text) {
        return new FieldPath(List.of(text.split("\\.", -1)));
    }

    /**
     * The fields on the path, outermost first. Each but the last is a record, or a union of null and a record.
     *
     * @throws IllegalArgumentException if the path leads to no field of this record
     */
    public List<Schema.Field> fields(Schema root) {
        List<Schema.Field> fields = new ArrayList<>();
        Schema at = root;
        for (String name : names) {
            Schema record = Nullables.type(at);
            if (record == null || record.getType() != Schema.Type.RECORD) {
                throw new IllegalArgumentException("the path " + this + " goes through "
                        + (fields.isEmpty() ? root.getFullName() : fields.get(fields.size() - 1).name())
                        + ", which is neither a record nor a union of null and a record; name another field");
            }
            Schema.Field field = record.getField(name);
            if (field == null) {
                throw new IllegalArgumentException(
                        record.getFullName() + " has no field " + name + "; it has " + Nullables.names(record));
            }
            fields.add(field);
            at = field.schema();
        }
        return fields;
    }

    /** The field at the end of the path. */
    public Schema.Field field(Schema root) {
        List<Schema.Field> fields = fields(root);
        return fields.get(fields.size() - 1);
    }

    @Override
    public String toString() {
        return String.join(".", names);
    }
}
