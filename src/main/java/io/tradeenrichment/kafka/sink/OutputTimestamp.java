package io.tradeenrichment.kafka.sink;

import org.jspecify.annotations.Nullable;

/** The record timestamp of output: that of the source record. */
final class OutputTimestamp {
    private OutputTimestamp() {}

    /** Null for a negative timestamp, which the producer would reject; it then uses the current time. */
    static @Nullable Long of(long sourceTimestamp) {
        return sourceTimestamp < 0 ? null : sourceTimestamp;
    }
}
