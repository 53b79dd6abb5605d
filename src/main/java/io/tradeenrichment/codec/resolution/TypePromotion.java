package io.tradeenrichment.codec.resolution;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Type promotion by Avro's rules (Avro specification, "Schema Resolution"). */
final class TypePromotion {
    private TypePromotion() {}

    /** Null if the writer's type cannot be promoted to the job's. */
    static @Nullable ValueReader reader(Schema writers, Schema readers) {
        Schema.Type from = writers.getType();
        return switch (readers.getType()) {
            case LONG -> from == Schema.Type.INT ? CopyingReader.ofNarrowerType(writers) : null;
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
                from == Schema.Type.STRING || from == Schema.Type.BYTES ? CopyingReader.of(writers) : null;
            default -> null;
        };
    }
}
