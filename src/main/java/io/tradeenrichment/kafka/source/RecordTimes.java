package io.tradeenrichment.kafka.source;

import org.jspecify.annotations.Nullable;

/** What a record's time becomes when the record is written on. */
public final class RecordTimes {
    private RecordTimes() {}

    /** Null, which is the time of writing, where there was none: a producer throws at a negative one. */
    public static @Nullable Long written(long received) {
        return received < 0 ? null : received;
    }
}
