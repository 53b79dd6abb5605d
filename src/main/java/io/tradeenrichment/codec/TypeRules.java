package io.tradeenrichment.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Which types Avro reads as which others. */
final class TypeRules {
    private TypeRules() {}

    /** Null where a value of the writer's type is none of the job's. */
    static @Nullable ValueReader promoted(Schema writers, Schema readers) {
        Schema.Type from = writers.getType();
        return switch (readers.getType()) {
            case LONG -> from == Schema.Type.INT ? CopyingReader.ofNarrower(writers) : null;
            case FLOAT ->
                switch (from) {
                    case INT -> FloatingReader.intToFloat();
                    case LONG -> FloatingReader.longToFloat();
                    default -> null;
                };
            case DOUBLE ->
                switch (from) {
                    case INT -> FloatingReader.intToDouble();
                    case LONG -> FloatingReader.longToDouble();
                    case FLOAT -> FloatingReader.floatToDouble();
                    default -> null;
                };
            case STRING, BYTES ->
                Set.of(Schema.Type.STRING, Schema.Type.BYTES).contains(from) ? CopyingReader.of(writers) : null;
            default -> null;
        };
    }

    static ValueReader mismatch(String path, Schema writers, Schema readers) {
        return new FailingReader(path + " is " + described(writers) + ", and the job reads " + described(readers));
    }

    private static String described(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> "null";
            case UNION ->
                schema.getTypes().stream().map(TypeRules::described).toList().toString();
            case RECORD, ENUM, FIXED -> schema.getType().getName() + " " + schema.getFullName();
            default -> schema.getType().getName();
        };
    }

    /** Unqualified, as the specification has it, or by an alias of the job's type. */
    static boolean hasNameOf(Schema writers, Schema readers) {
        return writers.getName().equals(readers.getName())
                || readers.getAliases().contains(writers.getFullName());
    }

    static byte[] encodedDefault(Schema.Field field) {
        var bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<>(field.schema()).write(GenericData.get().getDefaultValue(field), encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
