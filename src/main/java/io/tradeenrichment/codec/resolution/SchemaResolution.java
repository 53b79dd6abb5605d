package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of a writer's schema as the same record of the job's schema (Avro specification, "Schema Resolution"):
 * fields may be added, removed, reordered, renamed by alias or promoted. Units are converted if the conversion is exact.
 * Not thread-safe.
 */
public final class SchemaResolution {
    private final ValueReader reader;
    private final Cursor in = new Cursor();
    private final DatumBuffer out = new DatumBuffer();

    private SchemaResolution(ValueReader reader) {
        this.reader = reader;
    }

    /**
     * Null if both schemas encode every record identically, so that no resolution is needed.
     *
     * @throws DecodeException with {@link Reason#INCOMPATIBLE_SCHEMA} if no record can be read, or a value would be misread
     */
    public static @Nullable SchemaResolution between(Schema writers, Schema readers) throws DecodeException {
        if (writers.equals(readers)) {
            return null;
        }
        ValueReader reader = resolve(writers, readers).reader();
        return reader.isIdentity() ? null : new SchemaResolution(reader);
    }

    static SchemaResolver.Resolved resolve(Schema writers, Schema readers) throws DecodeException {
        if (writers.getType() != Schema.Type.RECORD) {
            throw incompatible(writers, readers, "it is not a record");
        }
        try {
            SchemaResolver.Resolved resolved = SchemaResolver.resolve(writers, readers);
            String failure = resolved.reader().failure();
            if (failure != null) {
                throw incompatible(writers, readers, failure);
            }
            return resolved;
        } catch (AvroRuntimeException e) {
            throw incompatible(writers, readers, String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw incompatible(writers, readers, "it is nested too deeply");
        }
    }

    private static DecodeException incompatible(Schema writers, Schema readers, String why) {
        return SchemaResolver.incompatible("a record written as " + writers.getFullName() + " cannot be read as "
                + readers.getFullName() + ": " + why);
    }

    /** The record, encoded under the job's schema. The datum ends with the array. */
    public byte[] resolve(byte[] bytes, int start) throws DecodeException {
        try {
            in.wrap(bytes, start);
            out.clear();
            reader.read(in, out);
            in.expectEnd();
            return out.toBytes();
        } catch (StackOverflowError e) {
            throw new DecodeException(Reason.MALFORMED, "the datum is nested too deeply");
        }
    }
}
