package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.DatumBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Promotes numbers to float and double. The job's own schemas have neither. */
final class FloatingReader {
    private FloatingReader() {}

    static ValueReader intToFloat() {
        return (in, out) -> write(out, Float.floatToIntBits(in.readInt()), Float.BYTES);
    }

    static ValueReader longToFloat() {
        return (in, out) -> write(out, Float.floatToIntBits((float) in.readLong()), Float.BYTES);
    }

    static ValueReader intToDouble() {
        return (in, out) -> write(out, Double.doubleToLongBits(in.readInt()), Double.BYTES);
    }

    static ValueReader longToDouble() {
        return (in, out) -> write(out, Double.doubleToLongBits((double) in.readLong()), Double.BYTES);
    }

    static ValueReader floatToDouble() {
        return (in, out) -> {
            int at = in.skipBytes(Float.BYTES, "a float");
            float value = ByteBuffer.wrap(in.bytes(), at, Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getFloat();
            write(out, Double.doubleToLongBits(value), Double.BYTES);
        };
    }

    private static void write(DatumBuffer out, long bits, int bytes) {
        byte[] encoded = ByteBuffer.allocate(Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bits)
                .array();
        out.writeRaw(encoded, 0, bytes);
    }
}
