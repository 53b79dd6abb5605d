package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.Varint;
import io.tradeenrichment.model.Reason;

/**
 * Reads a datum in place (Avro specification, "Binary encoding"). Checks every length before it follows it, and allocates
 * nothing. Reused for every record; not thread-safe.
 *
 * <p>Stricter than the specification in one point: it rejects a varint that is longer than necessary, so that it accepts
 * only the bytes that an Avro library writes for the same values.
 */
final class ByteCursor {
    private byte[] bytes = {};
    private int start;
    private int position;

    /** The datum ends with the array. */
    ByteCursor wrap(byte[] bytes, int start) {
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

    public int readInt() throws DecodeException {
        long value = readLong();
        if (value != (int) value) {
            throw malformed("has " + value + " where a 32-bit number is expected");
        }
        return (int) value;
    }

    /** Reads the index of an enum's symbol or a union's branch, from 0 to {@code count - 1}. */
    public int readIndex(int count, String of) throws DecodeException {
        long index = readLong();
        if (index < 0 || index >= count) {
            throw malformed("has the index " + index + " for " + of + ", which has only " + count);
        }
        return (int) index;
    }

    /** Reads a length, and checks that the datum has as many bytes left. */
    public int readLength(String of) throws DecodeException {
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

    /**
     * Reads a decimal's unscaled value from Avro's two's-complement big-endian bytes.
     *
     * @param precision at most 18, so that every legal value fits a long
     */
    public long readDecimal(int precision, String of) throws DecodeException {
        int length = readLength(of);
        if (length == 0) {
            throw malformed("has no bytes for " + of);
        }
        int end = position + length;
        int at = position;
        // Some writers pad: leading bytes that only repeat the sign are skipped.
        while (end - at > 8 && (bytes[at] == 0 ? bytes[at + 1] >= 0 : bytes[at] == -1 && bytes[at + 1] < 0)) {
            at++;
        }
        long unscaled = bytes[at];
        if (end - at > 8) {
            throw new DecodeException(
                    Reason.OUT_OF_RANGE, of + " has more than the " + precision + " digits its type allows");
        }
        for (at++; at < end; at++) {
            unscaled = unscaled << 8 | (bytes[at] & 0xFF);
        }
        long limit = POWERS_OF_TEN[precision];
        if (unscaled <= -limit || unscaled >= limit) {
            throw new DecodeException(
                    Reason.OUT_OF_RANGE, of + " has more than the " + precision + " digits its type allows");
        }
        position = end;
        return unscaled;
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

    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        long power = 1;
        for (int digits = 0; digits < POWERS_OF_TEN.length; digits++) {
            POWERS_OF_TEN[digits] = power;
            power *= 10;
        }
    }
}
