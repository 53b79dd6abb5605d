package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.model.Reason;

/** Converts a timestamp to another resolution. Rejects a value that the other resolution cannot represent exactly. */
record TimestampReader(String path, Resolution from, Resolution to) implements ValueReader {

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        long value = in.readLong();
        if (to.perSecond() > from.perSecond()) {
            long factor = to.perSecond() / from.perSecond();
            long product = value * factor;
            if (Math.multiplyHigh(value, factor) != product >> 63) {
                throw outOfRange(value, "which is more than 64 bits of " + to.plural() + " hold");
            }
            out.writeLong(product);
        } else {
            long divisor = from.perSecond() / to.perSecond();
            if (value % divisor != 0) {
                throw outOfRange(value, "which is not a whole number of " + to.plural());
            }
            out.writeLong(value / divisor);
        }
    }

    private DecodeException outOfRange(long value, String why) {
        return new DecodeException(Reason.OUT_OF_RANGE, path + " is " + value + " " + from.plural() + ", " + why);
    }

    @Override
    public String conversion() {
        return to.perSecond() > from.perSecond()
                ? "times " + to.perSecond() / from.perSecond()
                : "divided by " + from.perSecond() / to.perSecond();
    }

    /** Converts a local timestamp to its date. Rejects a value that is not midnight. */
    record ToDate(String path, Resolution from) implements ValueReader {
        private static final long SECONDS_PER_DAY = 86_400;

        @Override
        public void read(Cursor in, DatumBuffer out) throws DecodeException {
            long value = in.readLong();
            long perDay = SECONDS_PER_DAY * from.perSecond();
            long day = value / perDay;
            if (value % perDay != 0 || day != (int) day) {
                throw new DecodeException(
                        Reason.OUT_OF_RANGE,
                        path + " is " + value + " " + from.plural() + ", which is not a whole day");
            }
            out.writeLong(day);
        }

        @Override
        public String conversion() {
            return "the day, of " + from.plural();
        }
    }
}
