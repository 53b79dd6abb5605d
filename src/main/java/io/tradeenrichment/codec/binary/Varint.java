package io.tradeenrichment.codec.binary;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A number in as few bytes as it needs: seven bits each, the lowest first. The number is unsigned; zigzag maps a signed
 * number to it. Reading trusts the bytes; {@link Cursor} reads the bytes of others and checks them.
 */
public final class Varint {
    /** The length of the longest one, in bytes. */
    public static final int MAX_LENGTH = 10;

    private Varint() {}

    /** The length of the encoded number, in bytes. */
    public static int length(long value) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Returns the position after the number. */
    public static int write(long value, byte[] bytes, int start) {
        int at = start;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    public static void write(long value, DataOutput target) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target.writeByte((int) (rest | 0x80));
            rest >>>= 7;
        }
        target.writeByte((int) rest);
    }

    public static long read(byte[] bytes, int start) {
        int at = start;
        byte next = bytes[at++];
        long value = next & 0x7F;
        for (int shift = 7; next < 0; shift += 7) {
            next = bytes[at++];
            value |= (next & 0x7FL) << shift;
        }
        return value;
    }

    public static long read(DataInput source) throws IOException {
        byte next = source.readByte();
        long value = next & 0x7F;
        for (int shift = 7; next < 0; shift += 7) {
            next = source.readByte();
            value |= (next & 0x7FL) << shift;
        }
        return value;
    }

    /** Maps a signed number to an unsigned one that is small if the number is near 0. */
    public static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    public static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
