package io.tradeenrichment.codec.binary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes Avro's binary encoding to an array that grows. Reused: {@link #clear} keeps the array. Not thread-safe. */
public final class DatumBuffer {
    private byte[] bytes = new byte[64];
    private int length;

    public DatumBuffer clear() {
        length = 0;
        return this;
    }

    public DatumBuffer writeLong(long value) {
        ensure(Varint.MAX_LENGTH);
        length = Varint.write(Varint.zigzag(value), bytes, length);
        return this;
    }

    /** Ints, enum indexes and union branches are encoded like longs. */
    public DatumBuffer writeInt(int value) {
        return writeLong(value);
    }

    public DatumBuffer writeString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return writeBytes(utf8, 0, utf8.length);
    }

    public DatumBuffer writeBytes(byte[] source, int start, int count) {
        return writeLong(count).writeRaw(source, start, count);
    }

    /** Writes a decimal's unscaled value in as few two's-complement bytes as possible. */
    public DatumBuffer writeDecimal(long unscaled) {
        int count = (64 - Long.numberOfLeadingZeros(unscaled < 0 ? ~unscaled : unscaled)) / 8 + 1;
        writeLong(count);
        ensure(count);
        for (int shift = (count - 1) * 8; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (unscaled >> shift);
        }
        return this;
    }

    /** Copies bytes without writing their length. */
    public DatumBuffer writeRaw(byte[] source, int start, int count) {
        ensure(count);
        System.arraycopy(source, start, bytes, length, count);
        length += count;
        return this;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** The default record key of an id: eight bytes, big-endian. */
    public static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private void ensure(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
