package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;

/** What a parked trade waits for. */
sealed interface WaitCondition {
    /** The trade waits for a missing row. */
    record Row(Dimension dimension, long id) implements WaitCondition {}

    /** The trade waits until the dimensions have been read up to a record timestamp, in milliseconds since 1970. */
    record Time(long millis) implements WaitCondition {}
}
