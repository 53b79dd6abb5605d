package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.ValueSkipper;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The position of the id in the Avro keys of one writer's schema: the key itself, the record's only field, or the field
 * with the id's name. The id must be a plain int or long.
 */
public final class AvroKeySchema {
    private static final ValueSkipper[] NO_FIELDS = {};

    private final @Nullable Schema union;
    private final Schema id;
    private final String idName;
    private final ValueSkipper[] before;
    private final ValueSkipper[] after;

    /**
     * @param union of null and the record, if the record may be null
     * @param before the fields before the id
     * @param after the fields after the id
     */
    private AvroKeySchema(
            @Nullable Schema union, Schema id, String idName, ValueSkipper[] before, ValueSkipper[] after) {
        this.union = union;
        this.id = id;
        this.idName = idName;
        this.before = before;
        this.after = after;
    }

    /** @throws DecodeException with {@link Reason#WRONG_KEY} if a key of this schema has no certain id */
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
        return new AvroKeySchema(null, writers, "it", NO_FIELDS, NO_FIELDS);
    }

    private static AvroKeySchema ofRecord(@Nullable Schema union, Schema writers, Dimension dimension)
            throws DecodeException {
        List<Schema.Field> fields = writers.getFields();
        Schema.Field id = idField(writers, dimension);
        requireNumber(id, id.schema(), "its field " + id.name());
        for (Schema.Field field : fields) {
            if (field.pos() != id.pos() && !isFlat(field.schema())) {
                throw noId("its field " + field.name() + " is a collection or a record, which a key must not have");
            }
        }
        return new AvroKeySchema(
                union,
                id.schema(),
                "its field " + id.name(),
                skippers(fields.subList(0, id.pos())),
                skippers(fields.subList(id.pos() + 1, fields.size())));
    }

    private static ValueSkipper[] skippers(List<Schema.Field> fields) {
        return fields.stream().map(field -> ValueSkipper.of(field.schema())).toArray(ValueSkipper[]::new);
    }

    private static Schema.Field idField(Schema writers, Dimension dimension) throws DecodeException {
        Schema.Field named = writers.getField(nameOfId(dimension));
        if (named != null) {
            return named;
        }
        List<Schema.Field> fields = writers.getFields();
        if (fields.size() != 1) {
            throw noId("its record " + writers.getName() + " has " + fields.size() + " fields, none of them named "
                    + nameOfId(dimension));
        }
        for (Dimension other : Dimension.BUNDLED) {
            if (other != dimension && fields.get(0).name().equals(nameOfId(other))) {
                throw noId(
                        "its field " + nameOfId(other) + " is the id of the " + other.title() + ", another dimension");
            }
        }
        return fields.get(0);
    }

    private static String nameOfId(Dimension dimension) {
        return dimension.title() + "_id";
    }

    /** Requires an int or a long without a unit. It may be nullable: a key whose id is null is rejected later. */
    private static void requireNumber(Schema.@Nullable Field field, Schema schema, String what) throws DecodeException {
        boolean number = false;
        for (Schema branch : schema.isUnion() ? schema.getTypes() : List.of(schema)) {
            boolean plain = branch.getType() == Schema.Type.INT || branch.getType() == Schema.Type.LONG;
            boolean isNull = schema.isUnion() && branch.getType() == Schema.Type.NULL;
            boolean unit = plain && !(UnitAnnotations.of(field, branch) instanceof Unit.None);
            if ((!plain && !isNull) || unit) {
                throw noId(what + " is not a plain int or long");
            }
            number |= plain;
        }
        if (!number) {
            throw noId(what + " is not a plain int or long");
        }
    }

    private static boolean isFlat(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ARRAY, MAP -> false;
            case UNION -> schema.getTypes().stream().allMatch(AvroKeySchema::isFlat);
            default -> true;
        };
    }

    /**
     * Reads the id and checks the rest of the key.
     *
     * @throws DecodeException if the key is malformed, or its id is null
     */
    long id(Cursor datum) throws DecodeException {
        if (union != null && branch(union, datum).getType() == Schema.Type.NULL) {
            throw noId("it is null");
        }
        for (ValueSkipper field : before) {
            field.skip(datum);
        }
        long number = number(id, datum);
        for (ValueSkipper field : after) {
            field.skip(datum);
        }
        datum.expectEnd();
        return number;
    }

    private long number(Schema schema, Cursor datum) throws DecodeException {
        return switch (schema.getType()) {
            case LONG -> datum.readLong();
            case INT -> datum.readInt();
            case UNION -> number(branch(schema, datum), datum);
            default -> throw noId(idName + " is null");
        };
    }

    private static Schema branch(Schema union, Cursor datum) throws DecodeException {
        List<Schema> branches = union.getTypes();
        return branches.get(datum.readIndex(branches.size(), "a union of the key"));
    }

    private static DecodeException noId(String why) {
        return new DecodeException(Reason.WRONG_KEY, why);
    }
}
