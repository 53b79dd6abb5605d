package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.model.Reason;

/**
 * Converts times to microseconds since 1970. Nanoseconds are rounded down.
 *
 * @param of the name of the time, for the message
 */
record EpochMicros(Resolution resolution, String of) {
    private static final long THOUSAND = 1_000;

    /** @throws DecodeException with {@link Reason#OUT_OF_RANGE} if the time does not fit in microseconds */
    long of(long value) throws DecodeException {
        return switch (resolution) {
            case MICROS -> value;
            case NANOS -> Math.floorDiv(value, THOUSAND);
            case MILLIS -> {
                if (Math.multiplyHigh(value, THOUSAND) != (value * THOUSAND) >> 63) {
                    throw new DecodeException(
                            Reason.OUT_OF_RANGE,
                            of + " is " + value + " ms since 1970, which is out of range in microseconds");
                }
                yield value * THOUSAND;
            }
        };
    }
}
