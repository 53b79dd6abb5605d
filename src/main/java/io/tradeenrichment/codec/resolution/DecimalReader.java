package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.model.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Converts a decimal, in bytes or a fixed, to another scale. Rejects a value that does not fit the job's type exactly. */
final class DecimalReader implements ValueReader {
    static final int NOT_FIXED = -1;

    private static final int LONG_DIGITS = 18;
    private static final double BITS_PER_DIGIT = 3.33;

    private final String path;
    private final int from;
    private final Unit.Decimal to;
    private final int fixedSize;
    /** Ten to the power of the difference of the scales. */
    private final BigInteger power;

    private final BigInteger limit;
    private final boolean scaleGrows;
    /** A longer value does not fit. */
    private final int maxBytes;
    /** {@link #power} and {@link #limit} if both fit in a long, else 0. */
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
        this.scaleGrows = to.scale() >= from;
        int difference = Math.abs(to.scale() - from);
        this.power = BigInteger.TEN.pow(difference);
        this.limit = BigInteger.TEN.pow(to.precision());
        this.maxBytes = (int) ((to.precision() + difference) * BITS_PER_DIGIT) / Byte.SIZE + 2;
        boolean small = to.precision() <= LONG_DIGITS && difference <= LONG_DIGITS;
        this.longPower = small ? power.longValueExact() : 0;
        this.longLimit = small ? limit.longValueExact() : 0;
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        int length = fixedSize == NOT_FIXED ? in.readLength(path) : fixedSize;
        int at = in.skipBytes(length, path);
        if (length == 0) {
            throw in.malformed("has no bytes for " + path);
        }
        byte[] bytes = in.bytes();
        int end = at + length;
        int first = firstSignificantByte(bytes, at, end);
        if (end - first > maxBytes) {
            throw tooManyDigits();
        }
        boolean unchanged = from == to.scale() && fixedSize == NOT_FIXED;
        if (longLimit > 0 && end - first <= Long.BYTES) {
            long rescaled = rescaled(asLong(bytes, first, end));
            if (!unchanged) {
                out.writeDecimal(rescaled);
            }
        } else {
            BigInteger rescaled = rescaled(new BigInteger(bytes, first, end - first));
            if (!unchanged) {
                byte[] digits = rescaled.toByteArray();
                out.writeBytes(digits, 0, digits.length);
            }
        }
        if (unchanged) {
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

    /** Skips leading bytes that only repeat the sign. */
    private static int firstSignificantByte(byte[] bytes, int at, int end) {
        while (at < end - 1 && (bytes[at] == 0 ? bytes[at + 1] >= 0 : bytes[at] == -1 && bytes[at + 1] < 0)) {
            at++;
        }
        return at;
    }

    private long rescaled(long unscaled) throws DecodeException {
        if (!scaleGrows) {
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
        if (scaleGrows) {
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
    public String conversion() {
        return from == to.scale() ? "as it is" : "from scale " + from + " to scale " + to.scale();
    }
}
