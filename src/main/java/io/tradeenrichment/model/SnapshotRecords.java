package io.tradeenrichment.model;

import java.io.Serializable;

/** The records that stand in the dimensions' feeds when the job is first started, as they were received. */
public interface SnapshotRecords extends Serializable {

    /**
     * Hands over every standing record, in the order of its partition, and returns when the last one was taken. Called
     * in the thread of a task that initializes; may block for as long as reading takes.
     *
     * @throws Exception if they cannot be read in full
     */
    void readAll(Receiver receiver) throws Exception;

    /** A number for a dimension's topic, another one after it was deleted and created again; 0 if there is no topic. */
    default long topic(Dimension dimension) {
        return 0;
    }

    /** Takes what is read. */
    interface Receiver {
        /** @param comesAgain whether the live feed will bring this record too */
        void record(SourceRecord record, boolean comesAgain) throws Exception;

        /** What is below {@code next} in this partition has been handed over. */
        void readUpTo(Dimension dimension, int partition, long next) throws Exception;
    }
}
