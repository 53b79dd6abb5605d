package io.tradeenrichment.codec.layout;

import org.apache.avro.Schema;

/** The types of ids. */
public enum IdType {
    INT,
    LONG,
    /** An Avro string. */
    TEXT;

    /** @throws IllegalArgumentException if the field cannot be an id */
    public static IdType of(Schema.Field field) {
        Schema type = Nullables.type(field.schema());
        if (type != null) {
            switch (type.getType()) {
                case INT:
                    return INT;
                case LONG:
                    return LONG;
                case STRING:
                    return TEXT;
                default:
            }
        }
        throw new IllegalArgumentException("the field " + field.name() + " cannot be an id");
    }
}
