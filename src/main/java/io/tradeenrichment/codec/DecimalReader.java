package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Reads a decimal of one scale as one of another, out of bytes or a fixed. A value that is not exact in it, or has more
 * digits than it, is refused.
 */
final class DecimalReader implements ValueReader {
    static final int NOT_FIXED = -1;

    private static final int LONGEST_IN_A_LONG = 18;
    private static final double BITS_PER_DIGIT = 3.33;

    private final String path;
    private final int from;
    private final Unit.Decimal to;
    private final int fixedSize;
    /** Ten to the power of the scales' difference. */
    private final BigInteger power;

    private final BigInteger limit;
    private final boolean up;
    /** More bytes hold no value that fits. */
    private final int mostBytes;
    /** The same as longs, where both are. */
    private final long longPower;

    private final long longLimit;

    /**
     * @param from the writer's scale
     * @param fixedSize the size of the writer's fixed, or {@link #NOT_FIXED}
     */
    DecimalReader(String path, int from, Unit.Decimal to, int fixedSize) {
        this.path = path;
        this.from = from;
        this.to = to;
        this.fixedSize = fixedSize;
        this.up = to.scale() >= from;
        int difference = Math.abs(to.scale() - from);
        this.power = BigInteger.TEN.pow(difference);
        this.limit = BigInteger.TEN.pow(to.precision());
        this.mostBytes = (int) ((to.precision() + difference) * BITS_PER_DIGIT) / Byte.SIZE + 2;
        boolean small = to.precision() <= LONGEST_IN_A_LONG && difference <= LONGEST_IN_A_LONG;
        this.longPower = small ? power.longValueExact() : 0;
        this.longLimit = small ? limit.longValueExact() : 0;
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        int length = fixedSize == NOT_FIXED ? in.readLength(path) : fixedSize;
        int at = in.skipBytes(length, path);
        if (length == 0) {
            throw in.malformed("gives " + path + " no digits");
        }
        byte[] bytes = in.bytes();
        int end = at + length;
        int first = firstByteThatCounts(bytes, at, end);
        if (end - first > mostBytes) {
            throw tooManyDigits();
        }
        boolean bytesStay = from == to.scale() && fixedSize == NOT_FIXED;
        if (longLimit > 0 && end - first <= Long.BYTES) {
            long rescaled = rescaled(asLong(bytes, first, end));
            if (!bytesStay) {
                out.writeDecimal(rescaled);
            }
        } else {
            BigInteger rescaled = rescaled(new BigInteger(bytes, first, end - first));
            if (!bytesStay) {
                byte[] digits = rescaled.toByteArray();
                out.writeBytes(digits, 0, digits.length);
            }
        }
        if (bytesStay) {
            out.writeBytes(bytes, at, length);
        }
    }

    private static long asLong(byte[] bytes, int first, int end) {
        long unscaled = bytes[first];
        for (int i = first + 1; i < end; i++) {
            unscaled = unscaled << Byte.SIZE | (bytes[i] & 0xFF);
        }
        return unscaled;
    }

    /** Leading bytes that only repeat the sign carry no value. */
    private static int firstByteThatCounts(byte[] bytes, int at, int end) {
        while (at < end - 1 && (bytes[at] == 0 ? bytes[at + 1] >= 0 : bytes[at] == -1 && bytes[at + 1] < 0)) {
            at++;
        }
        return at;
    }

    private long rescaled(long unscaled) throws DecodeException {
        if (!up) {
            if (unscaled % longPower != 0) {
                throw tooManyPlaces(BigInteger.valueOf(unscaled));
            }
            long quotient = unscaled / longPower;
            if (quotient >= longLimit || quotient <= -longLimit) {
                throw tooManyDigits();
            }
            return quotient;
        }
        long product = unscaled * longPower;
        if (Math.multiplyHigh(unscaled, longPower) != product >> 63 || product >= longLimit || product <= -longLimit) {
            throw tooManyDigits();
        }
        return product;
    }

    private BigInteger rescaled(BigInteger unscaled) throws DecodeException {
        if (up) {
            return checkDigits(unscaled.multiply(power));
        }
        BigInteger[] parts = unscaled.divideAndRemainder(power);
        if (parts[1].signum() != 0) {
            throw tooManyPlaces(unscaled);
        }
        return checkDigits(parts[0]);
    }

    private BigInteger checkDigits(BigInteger unscaled) throws DecodeException {
        if (unscaled.abs().compareTo(limit) >= 0) {
            throw tooManyDigits();
        }
        return unscaled;
    }

    private DecodeException tooManyDigits() {
        return new DecodeException(Reason.OUT_OF_RANGE, path + " has more digits than a " + to.title() + " holds");
    }

    private DecodeException tooManyPlaces(BigInteger unscaled) {
        return new DecodeException(
                Reason.OUT_OF_RANGE,
                path + " is " + new BigDecimal(unscaled, from) + ", which has more decimal places than a " + to.title()
                        + " holds");
    }

    @Override
    public String title() {
        return from == to.scale() ? "as it is" : "from scale " + from + " to scale " + to.scale();
    }
}
