package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a parked trade waits for. */
sealed interface WaitCondition {
    /**
     * The trade waits for a missing row.
     *
     * @param text of the id; null for an integer
     */
    record Row(Dimension dimension, long id, @Nullable String text) implements WaitCondition {
        static Row of(Dimension dimension, long id, byte @Nullable [] text) {
            return new Row(dimension, id, text == null ? null : new String(text, StandardCharsets.UTF_8));
        }
    }

    /** The trade waits until the dimensions have been read up to a record timestamp, in milliseconds since 1970. */
    record Time(long millis) implements WaitCondition {}
}
