package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.ValueSkipper;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.TextIds;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The position of the id in the Avro keys of one writer's schema: the key itself, the record's only field, or the field
 * with the id's name. The id must be a plain int or long, or a string if the ids of the dimension are strings. Not
 * thread-safe.
 */
public final class AvroKeySchema {
    private static final ValueSkipper[] NO_FIELDS = {};

    private final @Nullable Schema union;
    private final Schema id;
    private final String idName;
    private final ValueSkipper[] before;
    private final ValueSkipper[] after;
    private byte @Nullable [] text;

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
    public static AvroKeySchema of(Schema writers, Dimension dimension, JobSchemas job) throws DecodeException {
        if (writers.getType() == Schema.Type.RECORD) {
            return ofRecord(null, writers, dimension, job);
        }
        if (writers.isUnion() && writers.getTypes().size() == 2) {
            for (Schema branch : writers.getTypes()) {
                if (branch.getType() == Schema.Type.RECORD && writers.isNullable()) {
                    return ofRecord(writers, branch, dimension, job);
                }
            }
        }
        requireId(job.row(dimension), null, writers, "it");
        return new AvroKeySchema(null, writers, "it", NO_FIELDS, NO_FIELDS);
    }

    private static AvroKeySchema ofRecord(@Nullable Schema union, Schema writers, Dimension dimension, JobSchemas job)
            throws DecodeException {
        List<Schema.Field> fields = writers.getFields();
        Schema.Field id = idField(writers, job.row(dimension), job);
        requireId(job.row(dimension), id, id.schema(), "its field " + id.name());
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

    private static Schema.Field idField(Schema writers, RowSchema row, JobSchemas job) throws DecodeException {
        Schema.Field named = writers.getField(row.idField());
        if (named != null) {
            return named;
        }
        List<Schema.Field> fields = writers.getFields();
        if (fields.size() != 1) {
            throw noId("its record " + writers.getName() + " has " + fields.size() + " fields, none of them named "
                    + row.idField());
        }
        for (RowSchema other : job.rows()) {
            if (fields.get(0).name().equals(other.idField())) {
                throw noId("its field " + other.idField() + " is the id of the " + other.dimension()
                        + ", another dimension");
            }
        }
        return fields.get(0);
    }

    /** It may be nullable: a key whose id is null is rejected later. */
    private static void requireId(RowSchema row, Schema.@Nullable Field field, Schema schema, String what)
            throws DecodeException {
        boolean text = row.idType() == IdType.TEXT;
        boolean found = false;
        for (Schema branch : schema.isUnion() ? schema.getTypes() : List.of(schema)) {
            boolean id = text ? branch.getType() == Schema.Type.STRING : isPlainNumber(field, branch);
            boolean isNull = schema.isUnion() && branch.getType() == Schema.Type.NULL;
            if (!id && !isNull) {
                found = false;
                break;
            }
            found |= id;
        }
        if (!found) {
            throw noId(what + (text ? " is not a string" : " is not a plain int or long"));
        }
    }

    /** Whether it is an int or a long without a unit. */
    private static boolean isPlainNumber(Schema.@Nullable Field field, Schema schema) {
        return (schema.getType() == Schema.Type.INT || schema.getType() == Schema.Type.LONG)
                && UnitAnnotations.of(field, schema) instanceof Unit.None;
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
        long number = value(id, datum);
        for (ValueSkipper field : after) {
            field.skip(datum);
        }
        datum.expectEnd();
        return number;
    }

    /** The text of the last id; null if ids are integers. */
    byte @Nullable [] text() {
        return text;
    }

    private long value(Schema schema, Cursor datum) throws DecodeException {
        return switch (schema.getType()) {
            case LONG -> datum.readLong();
            case INT -> datum.readInt();
            case STRING -> {
                int length = datum.readLength("the id");
                byte[] read = Arrays.copyOfRange(datum.bytes(), datum.position(), datum.position() + length);
                datum.skip(length);
                text = read;
                yield TextIds.hash(read);
            }
            case UNION -> value(branch(schema, datum), datum);
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
