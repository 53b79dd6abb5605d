package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Turns a datum of one writer's schema into the same record under the job's schema, by Avro's rules of schema
 * resolution: fields added, removed, reordered, renamed by alias, promoted. The slow path; one thread at a time.
 */
final class SchemaResolution {
    private final GenericDatumReader<GenericRecord> reader;
    private final GenericDatumWriter<GenericRecord> writer;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private @Nullable BinaryDecoder decoder;
    private @Nullable BinaryEncoder encoder;
    private @Nullable GenericRecord reused;

    private SchemaResolution(Schema writers, Schema readers) {
        this.reader = new GenericDatumReader<>(writers, readers);
        this.writer = new GenericDatumWriter<>(readers);
    }

    /**
     * Null where both schemas encode a record alike, so that its bytes can be taken as they are.
     *
     * @throws Refusal with {@link Reason#INCOMPATIBLE_SCHEMA} if reading could fail or change a value
     */
    static @Nullable SchemaResolution between(Schema writers, Schema readers) throws Refusal {
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(readers, writers);
        if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
            throw new Refusal(
                    Reason.INCOMPATIBLE_SCHEMA,
                    "a record written as " + writers.getFullName() + " cannot be read as " + readers.getFullName()
                            + ": " + compatibility.getResult().getIncompatibilities());
        }
        refuseOtherUnits(writers, readers);
        // Names, order and types decide the encoding; the fingerprint is made of exactly those.
        return Framing.fingerprint(writers) == Framing.fingerprint(readers)
                ? null
                : new SchemaResolution(writers, readers);
    }

    /**
     * Avro resolves types and ignores logical types, so milliseconds would be read as microseconds and a price at
     * another scale as another price.
     */
    private static void refuseOtherUnits(Schema writers, Schema readers) throws Refusal {
        for (Schema.Field field : Schema.applyAliases(writers, readers).getFields()) {
            Schema.Field expected = readers.getField(field.name());
            if (expected == null) {
                continue;
            }
            LogicalType written = logicalType(field.schema());
            LogicalType read = logicalType(expected.schema());
            if (written != null && !Objects.equals(written, read)) {
                throw new Refusal(
                        Reason.INCOMPATIBLE_SCHEMA,
                        "the writer's " + readers.getName() + "." + field.name() + " is " + text(written)
                                + ", which would be read as " + text(read));
            }
        }
    }

    private static @Nullable LogicalType logicalType(Schema schema) {
        if (!schema.isUnion()) {
            return schema.getLogicalType();
        }
        for (Schema branch : schema.getTypes()) {
            if (branch.getLogicalType() != null) {
                return branch.getLogicalType();
            }
        }
        return null;
    }

    private static String text(@Nullable LogicalType type) {
        if (type instanceof org.apache.avro.LogicalTypes.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        }
        return type == null ? "a plain value" : type.getName();
    }

    /** The same record, encoded under the job's schema; the datum runs from {@code start} to the array's end. */
    byte[] resolve(byte[] bytes, int start) throws Refusal {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, start, bytes.length - start, decoder);
            decoder = in;
            GenericRecord record = reader.read(reused, in);
            reused = record;
            if (!in.isEnd()) {
                throw new Refusal(Reason.MALFORMED, "the datum has bytes after its end");
            }
            out.reset();
            BinaryEncoder into = EncoderFactory.get().binaryEncoder(out, encoder);
            encoder = into;
            writer.write(record, into);
            into.flush();
            return out.toByteArray();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Avro has an exception of its own for most damage, but by far not for all of it.
            throw new Refusal(Reason.MALFORMED, "the datum cannot be read with its writer's schema: " + describe(e));
        }
    }

    private static String describe(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
