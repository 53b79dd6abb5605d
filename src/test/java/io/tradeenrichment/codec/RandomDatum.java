package io.tradeenrichment.codec;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** A random datum of any record schema. */
public final class RandomDatum {
    private RandomDatum() {}

    public static byte[] of(Schema schema, RandomRecords random) {
        return ApacheAvro.written(encoder -> {
            for (Schema.Field field : schema.getFields()) {
                write(field.schema(), random, encoder);
            }
        });
    }

    private static void write(Schema schema, RandomRecords random, BinaryEncoder encoder) throws IOException {
        switch (schema.getType()) {
            case NULL -> {}
            case INT -> encoder.writeInt((int) random.number());
            case LONG -> encoder.writeLong(random.number());
            case BOOLEAN -> encoder.writeBoolean(random.below(2) == 1);
            case FLOAT -> encoder.writeFloat(random.number());
            case DOUBLE -> encoder.writeDouble(random.number());
            case STRING -> encoder.writeString(random.root());
            case BYTES -> encoder.writeBytes(random.bytes(random.below(10)));
            case FIXED -> encoder.writeFixed(random.bytes(schema.getFixedSize()));
            case ENUM -> encoder.writeEnum(random.below(schema.getEnumSymbols().size()));
            case UNION -> {
                int branch = random.below(schema.getTypes().size());
                encoder.writeIndex(branch);
                write(schema.getTypes().get(branch), random, encoder);
            }
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    write(field.schema(), random, encoder);
                }
            }
            case ARRAY, MAP -> {
                for (int blocks = random.below(3); blocks > 0; blocks--) {
                    encoder.writeLong(1);
                    if (schema.getType() == Schema.Type.MAP) {
                        encoder.writeString("key");
                        write(schema.getValueType(), random, encoder);
                    } else {
                        write(schema.getElementType(), random, encoder);
                    }
                }
                encoder.writeLong(0);
            }
            default -> throw new IllegalArgumentException(schema.toString());
        }
    }
}
