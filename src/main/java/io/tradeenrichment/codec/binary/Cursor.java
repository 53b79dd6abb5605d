package io.tradeenrichment.codec.binary;

import io.tradeenrichment.model.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads a datum in place (Avro specification, "Binary encoding"). Checks every length before it follows it, and allocates
 * nothing. Reused for every record; not thread-safe.
 *
 * <p>Stricter than the specification in one point: it rejects a varint that is longer than necessary, so that it accepts
 * only the bytes that an Avro library writes for the same values.
 */
public final class Cursor {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long STOP_BITS = 0x8080_8080_8080_8080L;

    private byte[] bytes = {};
    private int start;
    private int position;

    /** The datum ends with the array. */
    public Cursor wrap(byte[] bytes, int start) {
        this.bytes = bytes;
        this.start = start;
        this.position = start;
        return this;
    }

    public int position() {
        return position;
    }

    public long readLong() throws DecodeException {
        int at = position;
        if (at <= bytes.length - Long.BYTES) {
            long word = (long) WORDS.get(bytes, at);
            long stops = ~word & STOP_BITS;
            int bits = Long.numberOfTrailingZeros(stops);
            if (bits == Byte.SIZE - 1) {
                position = at + 1;
                return Varint.unzigzag(word & 0x7F);
            }
            // A last byte of zero is superfluous.
            if (stops != 0 && (word << (Long.SIZE - 1 - bits)) >>> (Long.SIZE - 7) != 0) {
                position = at + ((bits + 1) >>> 3);
                return Varint.unzigzag(compressed(word & (stops ^ (stops - 1))));
            }
        }
        return readByteByByte();
    }

    /** Joins the lower seven bits of each byte. */
    private static long compressed(long word) {
        long x = word & ~STOP_BITS;
        x = (x & 0x007F_007F_007F_007FL) | ((x & 0x7F00_7F00_7F00_7F00L) >>> 1);
        x = (x & 0x0000_3FFF_0000_3FFFL) | ((x & 0x3FFF_0000_3FFF_0000L) >>> 2);
        return (x & 0x0FFF_FFFFL) | ((x & 0x0FFF_FFFF_0000_0000L) >>> 4);
    }

    /** Faster than reading them, also near the end of the datum. */
    public void skipLongs(int count) throws DecodeException {
        for (int left = count; left > 0; left--) {
            int at = position;
            int stop = Math.min(at + Long.BYTES, bytes.length);
            while (at < stop && bytes[at] < 0) {
                at++;
            }
            if (at < stop && (bytes[at] != 0 || at == position)) {
                position = at + 1;
            } else {
                readLong();
            }
        }
    }

    /** Also finds out what is wrong with a number. */
    private long readByteByByte() throws DecodeException {
        int at = position;
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == bytes.length) {
                throw malformed("ends within a number");
            }
            byte next = bytes[at++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                if ((next == 0 && shift > 0) || (shift == 63 && next > 1)) {
                    throw malformed("has a number in more bytes than it needs");
                }
                position = at;
                return Varint.unzigzag(value);
            }
        }
        throw malformed("has a number of more than ten bytes");
    }

    /** A number that is not negative in one byte, or less than 0 for another. */
    private int singleByte() {
        return position < bytes.length ? (bytes[position] >> 1) | -(bytes[position] & 1) : -1;
    }

    public int readInt() throws DecodeException {
        long value = readLong();
        if (value != (int) value) {
            throw malformed("has " + value + " where a 32-bit number is expected");
        }
        return (int) value;
    }

    /** Reads the index of an enum's symbol or a union's branch, from 0 to {@code count - 1}. */
    public int readIndex(int count, String of) throws DecodeException {
        int single = singleByte();
        if (single >= 0 && single < count) {
            position++;
            return single;
        }
        long index = readLong();
        if (index < 0 || index >= count) {
            throw malformed("has the index " + index + " for " + of + ", which has only " + count);
        }
        return (int) index;
    }

    /** Reads a length, and checks that the datum has as many bytes left. */
    public int readLength(String of) throws DecodeException {
        int single = singleByte();
        if (single >= 0 && single < bytes.length - position) {
            position++;
            return single;
        }
        long length = readLong();
        if (length < 0 || length > bytes.length - position) {
            throw malformed(
                    "has a length of " + length + " for " + of + ", with " + (bytes.length - position) + " bytes left");
        }
        return (int) length;
    }

    public void skip(int length) {
        position += length;
    }

    /** Skips bytes whose number is defined by the schema; returns the position of the first. */
    public int skipBytes(int length, String of) throws DecodeException {
        if (length > bytes.length - position) {
            throw malformed("ends within " + of);
        }
        int at = position;
        position += length;
        return at;
    }

    public void skipBoolean() throws DecodeException {
        if (position == bytes.length || (bytes[position] & ~1) != 0) {
            throw malformed("has no valid boolean where one is expected");
        }
        position++;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** @param position where reading continues, before the current position */
    public void returnTo(int position) {
        this.position = position;
    }

    public int remaining() {
        return bytes.length - position;
    }

    /** Bytes after the end mean that the datum was written with another schema. */
    public void expectEnd() throws DecodeException {
        if (position != bytes.length) {
            throw malformed("has " + (bytes.length - position) + " bytes after its end");
        }
    }

    public DecodeException malformed(String what) {
        return new DecodeException(
                Reason.MALFORMED,
                "the datum " + what + " (at byte " + (position - start) + " of " + (bytes.length - start) + ")");
    }
}
