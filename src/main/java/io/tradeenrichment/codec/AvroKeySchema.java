package io.tradeenrichment.codec;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where the id is in the Avro keys of one writer's schema: the whole key, a record's only field, or the field that has
 * the id's name. One that has no unit, and no doubt about which number is meant, else the schema is refused.
 */
public final class AvroKeySchema {
    private final @Nullable Schema optional;
    private final Schema[] parts;
    private final int idAt;
    private final String idName;

    /** @param optional the union of null and the record, where the whole record may be null */
    private AvroKeySchema(@Nullable Schema optional, Schema[] parts, int idAt, String idName) {
        this.optional = optional;
        this.parts = parts;
        this.idAt = idAt;
        this.idName = idName;
    }

    /** @throws DecodeException with {@link Reason#WRONG_KEY} if keys of this schema are not certainly ids of the dimension's rows */
    public static AvroKeySchema of(Schema writers, Dimension dimension) throws DecodeException {
        if (writers.getType() == Schema.Type.RECORD) {
            return ofRecord(null, writers, dimension);
        }
        if (writers.isUnion() && writers.getTypes().size() == 2) {
            for (Schema branch : writers.getTypes()) {
                if (branch.getType() == Schema.Type.RECORD && writers.isNullable()) {
                    return ofRecord(writers, branch, dimension);
                }
            }
        }
        requireNumber(null, writers, "it");
        return new AvroKeySchema(null, new Schema[] {writers}, 0, "it");
    }

    private static AvroKeySchema ofRecord(@Nullable Schema optional, Schema writers, Dimension dimension)
            throws DecodeException {
        List<Schema.Field> fields = writers.getFields();
        int idAt = idField(writers, dimension);
        Schema.Field id = fields.get(idAt);
        requireNumber(id, id.schema(), "its field " + id.name());
        Schema[] parts = new Schema[fields.size()];
        for (int at = 0; at < parts.length; at++) {
            parts[at] = fields.get(at).schema();
            if (at != idAt && !isFlat(parts[at])) {
                throw unreadable("its field " + fields.get(at).name()
                        + " is no plain value, so where the key ends is not checked");
            }
        }
        return new AvroKeySchema(optional, parts, idAt, "its field " + id.name());
    }

    private static int idField(Schema writers, Dimension dimension) throws DecodeException {
        Schema.Field named = writers.getField(nameOfId(dimension));
        if (named != null) {
            return named.pos();
        }
        List<Schema.Field> fields = writers.getFields();
        if (fields.size() != 1) {
            throw unreadable("its record " + writers.getName() + " has " + fields.size()
                    + " fields, none of them named " + nameOfId(dimension));
        }
        for (Dimension other : Dimension.values()) {
            if (other != dimension && fields.get(0).name().equals(nameOfId(other))) {
                throw unreadable(
                        "its field " + nameOfId(other) + " is the id of the " + other.title() + ", another dimension");
            }
        }
        return 0;
    }

    private static String nameOfId(Dimension dimension) {
        return dimension.title() + "_id";
    }

    /** An int or a long without a unit; beside null in a union, since a key that is null is rejected where it comes. */
    private static void requireNumber(Schema.@Nullable Field field, Schema schema, String what) throws DecodeException {
        boolean number = false;
        for (Schema branch : schema.isUnion() ? schema.getTypes() : List.of(schema)) {
            boolean plain = branch.getType() == Schema.Type.INT || branch.getType() == Schema.Type.LONG;
            boolean isNull = schema.isUnion() && branch.getType() == Schema.Type.NULL;
            boolean unit = plain && !(UnitAnnotations.of(field, branch) instanceof Unit.None);
            if ((!plain && !isNull) || unit) {
                throw unreadable(what + " is not a plain int or long");
            }
            number |= plain;
        }
        if (!number) {
            throw unreadable(what + " is not a plain int or long");
        }
    }

    /** Whether its end is found without following collections or records in it. */
    private static boolean isFlat(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ARRAY, MAP -> false;
            case UNION -> schema.getTypes().stream().allMatch(AvroKeySchema::isFlat);
            default -> true;
        };
    }

    /**
     * Reads the id, and the rest of the key to its exact end.
     *
     * @throws DecodeException if these are not the bytes of such a key, or the id in it is null
     */
    long id(Cursor datum) throws DecodeException {
        if (optional != null && branch(optional, datum).getType() == Schema.Type.NULL) {
            throw unreadable("it holds null");
        }
        long id = 0;
        for (int at = 0; at < parts.length; at++) {
            if (at == idAt) {
                id = number(parts[at], datum);
            } else {
                skip(parts[at], datum);
            }
        }
        datum.expectEnd();
        return id;
    }

    private long number(Schema schema, Cursor datum) throws DecodeException {
        return switch (schema.getType()) {
            case LONG -> datum.readLong();
            case INT -> datum.readInt();
            case UNION -> number(branch(schema, datum), datum);
            default -> throw unreadable(idName + " is null");
        };
    }

    private static void skip(Schema schema, Cursor datum) throws DecodeException {
        switch (schema.getType()) {
            case INT -> datum.readInt();
            case LONG -> datum.readLong();
            case ENUM -> datum.readIndex(schema.getEnumSymbols().size(), schema.getName());
            case STRING, BYTES -> datum.skip(datum.readLength("a field of the key"));
            case BOOLEAN -> datum.skipBoolean();
            case FLOAT -> datum.skipBytes(Float.BYTES, "a field of the key");
            case DOUBLE -> datum.skipBytes(Double.BYTES, "a field of the key");
            case FIXED -> datum.skipBytes(schema.getFixedSize(), "a field of the key");
            case UNION -> skip(branch(schema, datum), datum);
            default -> {
                // Null has no bytes; what is not flat was refused with the schema.
            }
        }
    }

    private static Schema branch(Schema union, Cursor datum) throws DecodeException {
        List<Schema> branches = union.getTypes();
        return branches.get(datum.readIndex(branches.size(), "a union of the key"));
    }

    private static DecodeException unreadable(String why) {
        return new DecodeException(Reason.WRONG_KEY, why);
    }
}
