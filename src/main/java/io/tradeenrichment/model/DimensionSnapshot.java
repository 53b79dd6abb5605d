package io.tradeenrichment.model;

import java.io.Serializable;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * The rows that stand in the dimensions' feeds when the job is first started. Each subtask of the join reads them all
 * before it takes its first trade, so that none is judged too early.
 */
public interface DimensionSnapshot extends Serializable {

    /**
     * Hands every standing record to the receiver and returns when the last one was taken. Called in the task's thread
     * while it initializes; may block for as long as reading takes.
     *
     * @throws Exception if the rows cannot be read in full; the task then fails and the load begins anew
     */
    void readAll(Receiver receiver) throws Exception;

    /** A number for a dimension's topic, another one after it was deleted and created again; 0 if there is no topic. */
    default long topic(Dimension dimension) {
        return 0;
    }

    /** Lets the numbers of the reading be seen, each under its name; called before it, the numbers asked for by any thread. */
    default void show(BiConsumer<String, LongSupplier> gauges) {}

    /** Takes what is read. */
    interface Receiver {
        void update(DimensionUpdate update) throws Exception;

        /** A standing record that is no row, and that no live feed will bring. Each subtask hears of it. */
        void rejection(RejectedRecord rejection) throws Exception;

        /** What is below {@code next} in this partition was read here, and is skipped when the live feed brings it. */
        void readUpTo(Dimension dimension, int partition, long next) throws Exception;
    }

    /** No rows stand anywhere: all come by the live feeds. */
    DimensionSnapshot NONE = receiver -> {};
}
