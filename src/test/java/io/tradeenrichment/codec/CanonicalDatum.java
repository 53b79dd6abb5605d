package io.tradeenrichment.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Finds out with Avro's decoder and encoder whether the job must accept a datum: each value, decoded and encoded again, has
 * the same bytes; blocks have their declared size; decimals have the digits of their type.
 */
final class CanonicalDatum {
    private final byte[] datum;
    private final BinaryDecoder in;
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(copy, null);

    private CanonicalDatum(byte[] datum) {
        this.datum = datum;
        this.in = DecoderFactory.get().binaryDecoder(datum, null);
    }

    static boolean is(Schema schema, byte[] datum) {
        var canonical = new CanonicalDatum(datum);
        try {
            canonical.copy(schema);
            return Arrays.equals(canonical.copy.toByteArray(), datum);
        } catch (IOException | RuntimeException malformed) {
            return false;
        }
    }

    private void copy(Schema schema) throws IOException {
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> out.writeBoolean(in.readBoolean());
            case INT -> out.writeInt(in.readInt());
            case LONG -> out.writeLong(in.readLong());
            case FLOAT -> fixed(Float.BYTES);
            case DOUBLE -> fixed(Double.BYTES);
            case STRING -> sized();
            case BYTES -> checkDecimal(schema, sized());
            case FIXED -> checkDecimal(schema, fixed(schema.getFixedSize()));
            case ENUM -> index(schema.getEnumSymbols().size());
            case UNION -> copy(schema.getTypes().get(index(schema.getTypes().size())));
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    copy(field.schema());
                }
            }
            case ARRAY, MAP -> blocks(schema);
        }
    }

    private int index(int bound) throws IOException {
        int index = in.readIndex();
        out.writeIndex(index);
        return require(index >= 0 && index < bound, index);
    }

    private byte[] sized() throws IOException {
        long length = in.readLong();
        out.writeLong(length);
        return fixed(require(length >= 0 && length <= datum.length, (int) length));
    }

    private byte[] fixed(int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFixed(bytes);
        out.writeFixed(bytes);
        return bytes;
    }

    private void blocks(Schema schema) throws IOException {
        boolean map = schema.getType() == Schema.Type.MAP;
        for (long count = in.readLong(); ; count = in.readLong()) {
            out.writeLong(count);
            if (count == 0) {
                return;
            }
            long size = count < 0 ? in.readLong() : -1;
            if (count < 0) {
                out.writeLong(size);
            }
            int start = copy.size();
            // Each item takes at least a byte.
            int items = require(Math.abs(count) >= 0 && Math.abs(count) <= datum.length, (int) Math.abs(count));
            for (int item = 0; item < items; item++) {
                if (map) {
                    sized();
                }
                copy(map ? schema.getValueType() : schema.getElementType());
            }
            require(count > 0 || copy.size() - start == size, 0);
        }
    }

    private static void checkDecimal(Schema schema, byte[] unscaled) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            BigInteger limit = BigInteger.TEN.pow(decimal.getPrecision());
            require(new BigInteger(unscaled).abs().compareTo(limit) < 0, 0);
        }
    }

    private static int require(boolean valid, int value) {
        if (!valid) {
            throw new IllegalArgumentException("not canonical");
        }
        return value;
    }
}
