package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;

/**
 * Reads Avro's binary encoding in place (Avro specification, "Binary encoding"). Reused from record to record; every
 * length is checked before it is followed, and nothing is allocated.
 *
 * <p>Stricter than the specification in one point: a varint longer than its value needs is refused, so that what is
 * accepted is exactly what any Avro library would write for the same values.
 */
final class Cursor {
    private byte[] bytes = {};
    private int start;
    private int position;

    /** Begins at {@code start}; the datum ends with the array. */
    Cursor wrap(byte[] bytes, int start) {
        this.bytes = bytes;
        this.start = start;
        this.position = start;
        return this;
    }

    int position() {
        return position;
    }

    long readLong() throws DecodeException {
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
                    throw malformed("holds a number in more bytes than it needs");
                }
                position = at;
                return Varint.unzigzag(value);
            }
        }
        throw malformed("holds a number of more than ten bytes");
    }

    int readInt() throws DecodeException {
        long value = readLong();
        if (value != (int) value) {
            throw malformed("holds " + value + " where a 32-bit number belongs");
        }
        return (int) value;
    }

    /** Reads an index below {@code count}: of an enum's symbol or of a union's branch. */
    int readIndex(int count, String of) throws DecodeException {
        long index = readLong();
        if (index < 0 || index >= count) {
            throw malformed("holds index " + index + " for " + of + ", which has " + count);
        }
        return (int) index;
    }

    /** Reads a length and stands at the first of that many bytes, all of which are there. */
    int readLength(String of) throws DecodeException {
        long length = readLong();
        if (length < 0 || length > bytes.length - position) {
            throw malformed(
                    "gives " + of + " a length of " + length + ", with " + (bytes.length - position) + " bytes left");
        }
        return (int) length;
    }

    void skip(int length) {
        position += length;
    }

    /** Walks over bytes whose number the schema gives; returns where they begin. */
    int skipBytes(int length, String of) throws DecodeException {
        if (length > bytes.length - position) {
            throw malformed("ends within " + of);
        }
        int at = position;
        position += length;
        return at;
    }

    void skipBoolean() throws DecodeException {
        if (position == bytes.length || (bytes[position] & ~1) != 0) {
            throw malformed("holds no boolean where one belongs");
        }
        position++;
    }

    /** The array that holds the datum. */
    byte[] bytes() {
        return bytes;
    }

    /** Goes on reading at a place that was passed before. */
    void returnTo(int position) {
        this.position = position;
    }

    int remaining() {
        return bytes.length - position;
    }

    /**
     * Reads a decimal's unscaled value from Avro's two's-complement big-endian bytes.
     *
     * @param precision at most 18, so that every legal value fits a long
     */
    long readDecimal(int precision, String of) throws DecodeException {
        int length = readLength(of);
        if (length == 0) {
            throw malformed("gives " + of + " no digits");
        }
        int end = position + length;
        int at = position;
        // Leading bytes that only repeat the sign carry no value; some writers pad with them.
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

    /** The datum must end here: bytes that are left over mean another schema. */
    void expectEnd() throws DecodeException {
        if (position != bytes.length) {
            throw malformed("has " + (bytes.length - position) + " bytes after its end");
        }
    }

    DecodeException malformed(String what) {
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
