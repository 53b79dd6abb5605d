package io.tradeenrichment.state;

/** A number in as few bytes as it needs, seven bits each, the lowest first; the number is taken as unsigned. */
final class Varint {
    private Varint() {}

    static int length(long value) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Returns where the next number begins. */
    static int write(long value, byte[] bytes, int start) {
        int at = start;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    static long read(byte[] bytes, int start) {
        int at = start;
        byte next = bytes[at++];
        long value = next & 0x7F;
        for (int shift = 7; next < 0; shift += 7) {
            next = bytes[at++];
            value |= (next & 0x7FL) << shift;
        }
        return value;
    }

    /** A signed number as an unsigned one that is small if the number is near 0. */
    static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
