package io.tradeenrichment.model;

import java.io.Serializable;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * The rows in the dimension topics when the job is first started. Each subtask of the join loads them before its first
 * trade, so that no trade is joined without a row that was present at start.
 */
public interface DimensionSnapshot extends Serializable {
    /**
     * Passes every row of some dimensions to the receiver and returns after the last one. Called in the task thread
     * during initialization; may block while reading.
     *
     * @throws Exception if the rows cannot be read completely; the task fails, and the next attempt loads them again
     */
    void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception;

    /** A number that identifies a dimension's topic: it changes if the topic is recreated. 0 if there is no topic. */
    default long topic(Dimension dimension) {
        return 0;
    }

    /** Registers gauges by name, before reading. Any thread may read them. */
    default void register(BiConsumer<String, LongSupplier> gauges) {}

    /** Receives the snapshot. */
    interface Receiver {
        void update(DimensionUpdate update) throws Exception;

        /** A record that is not a valid row and that the live feed does not deliver. Every subtask receives it. */
        void rejected(RejectedRecord record) throws Exception;

        /** All offsets of this partition below {@code next} have been read; live updates below it are skipped. */
        void readUpTo(Dimension dimension, int partition, long next) throws Exception;
    }

    /** No rows: all arrive by the live feeds. */
    DimensionSnapshot NONE = (dimensions, receiver) -> {};
}
