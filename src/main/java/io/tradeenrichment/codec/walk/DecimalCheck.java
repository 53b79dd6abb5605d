package io.tradeenrichment.codec.walk;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import java.math.BigInteger;

/** Checks that a decimal has at most the digits that its type allows. */
final class DecimalCheck {
    private final int precision;
    private final BigInteger limit;
    /** The same number; 0 if it does not fit in a long. */
    private final long longLimit;

    private final int safeLength;

    DecimalCheck(int precision) {
        this.precision = precision;
        this.limit = BigInteger.TEN.pow(precision);
        this.longLimit = limit.bitLength() < Long.SIZE ? limit.longValue() : 0;
        this.safeLength = limit.subtract(BigInteger.ONE).bitLength() / Byte.SIZE;
    }

    /** Every value of up to so many bytes has at most these digits. */
    int safeLength() {
        return safeLength;
    }

    /** @param of the name of the decimal, which is in the bytes before the cursor */
    void check(Cursor in, int length, String of) throws DecodeException {
        if (length == 0) {
            throw in.malformed("has no bytes for " + of);
        }
        byte[] bytes = in.bytes();
        int end = in.position();
        int at = end - length;
        // Some writers pad: leading bytes that only repeat the sign are skipped.
        while (end - at > safeLength
                && at < end - 1
                && (bytes[at] == 0 ? bytes[at + 1] >= 0 : bytes[at] == -1 && bytes[at + 1] < 0)) {
            at++;
        }
        if (end - at > safeLength && !isWithin(bytes, at, end)) {
            throw new DecodeException(
                    Reason.OUT_OF_RANGE, of + " has more than the " + precision + " digits its type allows");
        }
    }

    private boolean isWithin(byte[] bytes, int at, int end) {
        if (end - at > safeLength + 1) {
            return false;
        }
        if (longLimit == 0 || end - at > Long.BYTES) {
            return new BigInteger(bytes, at, end - at).abs().compareTo(limit) < 0;
        }
        long unscaled = bytes[at];
        for (int i = at + 1; i < end; i++) {
            unscaled = unscaled << Byte.SIZE | (bytes[i] & 0xFF);
        }
        return -longLimit < unscaled && unscaled < longLimit;
    }
}
