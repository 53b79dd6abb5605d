package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.QuotedText;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.model.Reason;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Converts an ISO 8601 time with an offset, written as text, to a timestamp. */
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
                throw outOfRange(text, "which is not a whole number of " + to.plural());
            }
            return Math.addExact(Math.multiplyExact(time.toEpochSecond(), to.perSecond()), time.getNano() / nanosEach);
        } catch (DateTimeParseException e) {
            throw outOfRange(text, "which is not a time with an offset such as 2026-11-28T09:30:00.25Z");
        } catch (ArithmeticException e) {
            throw outOfRange(text, "which is more than 64 bits of " + to.plural() + " hold");
        }
    }

    private DecodeException outOfRange(String text, String why) {
        return new DecodeException(Reason.OUT_OF_RANGE, path + " is " + QuotedText.of(text) + ", " + why);
    }

    @Override
    public String conversion() {
        return "the instant, in " + to.plural();
    }
}
