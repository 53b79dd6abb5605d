package io.tradeenrichment.codec;

import io.tradeenrichment.codec.Unit.Resolution;
import io.tradeenrichment.model.Reason;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Reads a time that is written as text with an offset, as a timestamp. */
record ZonedTextReader(String path, Resolution to) implements ValueReader {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        int length = in.readLength(path);
        String text = new String(in.bytes(), in.position(), length, StandardCharsets.UTF_8);
        in.skip(length);
        out.writeLong(timestamp(text));
    }

    private long timestamp(String text) throws DecodeException {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            long nanosEach = NANOS_PER_SECOND / to.perSecond();
            if (time.getNano() % nanosEach != 0) {
                throw refused(text, "which is no whole number of " + to.plural());
            }
            return Math.addExact(Math.multiplyExact(time.toEpochSecond(), to.perSecond()), time.getNano() / nanosEach);
        } catch (DateTimeParseException e) {
            throw refused(text, "which is no time with an offset as in 2026-11-28T09:30:00.25Z");
        } catch (ArithmeticException e) {
            throw refused(text, "which is more than 64 bits of " + to.plural() + " hold");
        }
    }

    private DecodeException refused(String text, String why) {
        return new DecodeException(Reason.OUT_OF_RANGE, path + " is " + Quoted.text(text) + ", " + why);
    }

    @Override
    public String title() {
        return "the instant, in " + to.plural();
    }
}
