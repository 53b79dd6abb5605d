package io.tradeenrichment.codec.layout;

import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import org.apache.avro.Schema;

/** The types of ids. */
public enum IdType {
    INT,
    LONG,
    /** An Avro string. */
    TEXT;

    /**
     * The type of a field that is an id. The field may be nullable.
     *
     * @param path of the field, for the sentence
     * @throws IllegalArgumentException if the field cannot be an id
     */
    static IdType of(Schema.Field field, String path) {
        Schema type = Nullables.type(field.schema());
        if (type == null) {
            throw notAnId(path, "is a union of several types");
        }
        switch (type.getType()) {
            case STRING:
                return TEXT;
            case INT, LONG:
                Unit unit = UnitAnnotations.of(field, type);
                if (unit != Unit.NONE) {
                    throw notAnId(path, "has a unit (" + unit.title() + ")");
                }
                return type.getType() == Schema.Type.INT ? INT : LONG;
            default:
                throw notAnId(path, "is of the type " + type.getType().getName());
        }
    }

    /** For sentences. */
    public String title() {
        return switch (this) {
            case INT -> "int";
            case LONG -> "long";
            case TEXT -> "string";
        };
    }

    private static IllegalArgumentException notAnId(String path, String why) {
        return new IllegalArgumentException("the field " + path + " " + why
                + ", but an id must be an int, a long or a string, alone or with null; name another field");
    }
}
