package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Turns a datum of one writer's schema into the same record under the job's schema, by Avro's rules of schema
 * resolution: fields added, removed, reordered, renamed by alias, promoted. Units are converted where that is exact. The
 * slow path; one thread at a time.
 */
public final class SchemaResolution {
    private final ValueReader reader;
    private final Cursor in = new Cursor();
    private final DatumBuffer out = new DatumBuffer();

    private SchemaResolution(ValueReader reader) {
        this.reader = reader;
    }

    /**
     * Null where both schemas encode every record alike, so that its bytes can be taken as they are.
     *
     * @throws DecodeException with {@link Reason#INCOMPATIBLE_SCHEMA} if no record could be read, or one with another value
     */
    public static @Nullable SchemaResolution between(Schema writers, Schema readers) throws DecodeException {
        ValueReader reader = resolved(writers, readers).reader();
        return reader.takesBytesAsTheyAre() ? null : new SchemaResolution(reader);
    }

    static SchemaResolver.Resolved resolved(Schema writers, Schema readers) throws DecodeException {
        if (writers.getType() != Schema.Type.RECORD) {
            throw incompatible(writers, readers, "it is no record");
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
            throw incompatible(writers, readers, "it is nested too deep");
        }
    }

    private static DecodeException incompatible(Schema writers, Schema readers, String why) {
        return SchemaResolver.incompatible("a record written as " + writers.getFullName() + " cannot be read as "
                + readers.getFullName() + ": " + why);
    }

    /** The same record, encoded under the job's schema; the datum runs from {@code start} to the array's end. */
    byte[] resolve(byte[] bytes, int start) throws DecodeException {
        try {
            in.wrap(bytes, start);
            out.clear();
            reader.read(in, out);
            in.expectEnd();
            return out.toBytes();
        } catch (StackOverflowError e) {
            throw new DecodeException(Reason.MALFORMED, "the datum is nested too deep");
        }
    }
}
