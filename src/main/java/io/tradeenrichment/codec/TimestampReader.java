package io.tradeenrichment.codec;

import io.tradeenrichment.codec.Unit.Resolution;
import io.tradeenrichment.model.Reason;

/** Reads a timestamp of one resolution as one of another. A value that is not exact in it is refused. */
record TimestampReader(String path, Resolution from, Resolution to) implements ValueReader {

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        long value = in.readLong();
        if (to.perSecond() > from.perSecond()) {
            long factor = to.perSecond() / from.perSecond();
            long product = value * factor;
            if (Math.multiplyHigh(value, factor) != product >> 63) {
                throw refused(value, "which is more than 64 bits of " + to.plural() + " hold");
            }
            out.writeLong(product);
        } else {
            long divisor = from.perSecond() / to.perSecond();
            if (value % divisor != 0) {
                throw refused(value, "which is no whole number of " + to.plural());
            }
            out.writeLong(value / divisor);
        }
    }

    private DecodeException refused(long value, String why) {
        return new DecodeException(Reason.OUT_OF_RANGE, path + " is " + value + " " + from.plural() + ", " + why);
    }

    @Override
    public String title() {
        return to.perSecond() > from.perSecond()
                ? "times " + to.perSecond() / from.perSecond()
                : "divided by " + from.perSecond() / to.perSecond();
    }

    /** Reads a local timestamp as the date of its day, whatever the zone: it must be midnight. */
    record ToDate(String path, Resolution from) implements ValueReader {
        private static final long SECONDS_PER_DAY = 86_400;

        @Override
        public void read(Cursor in, DatumBuffer out) throws DecodeException {
            long value = in.readLong();
            long perDay = SECONDS_PER_DAY * from.perSecond();
            long day = value / perDay;
            if (value % perDay != 0 || day != (int) day) {
                throw new DecodeException(
                        Reason.OUT_OF_RANGE, path + " is " + value + " " + from.plural() + ", which is no whole day");
            }
            out.writeLong(day);
        }

        @Override
        public String title() {
            return "the day, of " + from.plural();
        }
    }
}
