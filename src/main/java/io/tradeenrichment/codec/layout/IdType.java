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
        return switch (type.getType()) {
            case STRING -> TEXT;
            case INT -> plain(INT, field, type, path);
            case LONG -> plain(LONG, field, type, path);
            default -> throw notAnId(path, "is of the type " + type.getType().getName());
        };
    }

    private static IdType plain(IdType id, Schema.Field field, Schema type, String path) {
        Unit unit = UnitAnnotations.of(field, type);
        if (unit != Unit.NONE) {
            throw notAnId(path, "has a unit (" + unit.title() + ")");
        }
        return id;
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
