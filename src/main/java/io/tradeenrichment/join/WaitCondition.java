package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;

/** What a parked trade waits for. */
sealed interface WaitCondition {
    /** A row that is missing. */
    record Row(Dimension dimension, long id) implements WaitCondition {}

    /** The dimensions to have been read up to a time of their own, in milliseconds since 1970. */
    record Time(long millis) implements WaitCondition {}
}
