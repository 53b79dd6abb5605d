package io.tradeenrichment.codec;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Random bytes that are a record of any schema, written piece by piece. */
public final class RandomDatum {
    private RandomDatum() {}

    public static byte[] of(Schema schema, RandomRecords specimens) {
        return ApacheAvro.written(encoder -> {
            for (Schema.Field field : schema.getFields()) {
                write(field.schema(), specimens, encoder);
            }
        });
    }

    private static void write(Schema schema, RandomRecords specimens, BinaryEncoder encoder) throws IOException {
        switch (schema.getType()) {
            case NULL -> {}
            case INT -> encoder.writeInt((int) specimens.number());
            case LONG -> encoder.writeLong(specimens.number());
            case BOOLEAN -> encoder.writeBoolean(specimens.below(2) == 1);
            case FLOAT -> encoder.writeFloat(specimens.number());
            case DOUBLE -> encoder.writeDouble(specimens.number());
            case STRING -> encoder.writeString(specimens.root());
            case BYTES -> encoder.writeBytes(specimens.bytes(specimens.below(10)));
            case FIXED -> encoder.writeFixed(specimens.bytes(schema.getFixedSize()));
            case ENUM ->
                encoder.writeEnum(specimens.below(schema.getEnumSymbols().size()));
            case UNION -> {
                int branch = specimens.below(schema.getTypes().size());
                encoder.writeIndex(branch);
                write(schema.getTypes().get(branch), specimens, encoder);
            }
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    write(field.schema(), specimens, encoder);
                }
            }
            case ARRAY, MAP -> {
                for (int blocks = specimens.below(3); blocks > 0; blocks--) {
                    encoder.writeLong(1);
                    if (schema.getType() == Schema.Type.MAP) {
                        encoder.writeString("key");
                        write(schema.getValueType(), specimens, encoder);
                    } else {
                        write(schema.getElementType(), specimens, encoder);
                    }
                }
                encoder.writeLong(0);
            }
            default -> throw new IllegalArgumentException(schema.toString());
        }
    }
}
