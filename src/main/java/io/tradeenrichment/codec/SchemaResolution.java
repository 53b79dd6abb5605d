package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
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
public final class SchemaResolution {
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
    public static @Nullable SchemaResolution between(Schema writers, Schema readers) throws Refusal {
        try {
            refuseIncompatible(writers, readers);
            refuseOtherUnits(writers, readers);
            // Names, order and types decide the encoding; the fingerprint is made of exactly those.
            return Framing.fingerprint(writers) == Framing.fingerprint(readers)
                    ? null
                    : new SchemaResolution(writers, readers);
        } catch (AvroRuntimeException e) {
            // How Avro says, for example, that two of the writer's fields answer to one name.
            throw incompatible(writers, readers, describe(e));
        }
    }

    private static void refuseIncompatible(Schema writers, Schema readers) throws Refusal {
        if (writers.getType() != Schema.Type.RECORD) {
            throw incompatible(writers, readers, "it is no record");
        }
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(readers, writers)
                .getResult();
        if (compatibility.getCompatibility() != SchemaCompatibilityType.COMPATIBLE) {
            throw incompatible(
                    writers,
                    readers,
                    compatibility.getIncompatibilities().stream()
                            .map(found ->
                                    found.getType() + " at " + found.getLocation() + " (" + found.getMessage() + ")")
                            .collect(Collectors.joining(", ")));
        }
    }

    /**
     * Avro resolves types and ignores logical types, so milliseconds would be read as microseconds, a price at another
     * scale as another price, and a price in text as the digits of its letters.
     */
    private static void refuseOtherUnits(Schema writers, Schema readers) throws Refusal {
        Schema renamed = Schema.applyAliases(writers, readers);
        for (Schema.Field expected : readers.getFields()) {
            Schema.Field field = renamed.getField(expected.name());
            if (field == null) {
                refuseUnfollowedAlias(writers, readers, expected);
                continue;
            }
            LogicalType read = logicalType(expected.schema());
            for (Schema written : branches(field.schema())) {
                if (!means(written, read)) {
                    throw new Refusal(
                            Reason.INCOMPATIBLE_SCHEMA,
                            "the writer's " + readers.getName() + "." + field.name() + " is "
                                    + text(written.getLogicalType(), written.getName())
                                    + ", which would be read as " + text(read, "value"));
                }
            }
        }
    }

    /** Avro follows a field's alias only into a record of the same full name; elsewhere the default would stand. */
    private static void refuseUnfollowedAlias(Schema writers, Schema readers, Schema.Field expected) throws Refusal {
        Schema.Field aliased = SchemaCompatibility.lookupWriterField(writers, expected);
        if (aliased != null) {
            throw incompatible(
                    writers,
                    readers,
                    "its " + aliased.name() + " would not be read as " + expected.name()
                            + ", since the records' full names differ");
        }
    }

    private static boolean means(Schema written, @Nullable LogicalType read) {
        if (written.getLogicalType() != null) {
            return written.getLogicalType().equals(read);
        }
        return written.getType() != Schema.Type.STRING || !(read instanceof LogicalTypes.Decimal);
    }

    private static @Nullable LogicalType logicalType(Schema schema) {
        for (Schema branch : branches(schema)) {
            if (branch.getLogicalType() != null) {
                return branch.getLogicalType();
            }
        }
        return null;
    }

    private static List<Schema> branches(Schema schema) {
        return schema.isUnion() ? schema.getTypes() : List.of(schema);
    }

    private static String text(@Nullable LogicalType type, String plain) {
        if (type instanceof LogicalTypes.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        }
        return type == null ? "a plain " + plain : type.getName();
    }

    private static Refusal incompatible(Schema writers, Schema readers, String why) {
        return new Refusal(
                Reason.INCOMPATIBLE_SCHEMA,
                "a record written as " + writers.getFullName() + " cannot be read as " + readers.getFullName() + ": "
                        + why);
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
