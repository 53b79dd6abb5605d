package io.tradeenrichment.model;

import java.io.Serializable;
import java.util.Set;

/** The source records in the dimension topics when the job is first started. */
public interface SnapshotRecords extends Serializable {
    /**
     * Passes every record of some dimensions to the receiver, in the order of its partition, and returns after the last one. Called in the
     * task thread during initialization; may block while reading.
     *
     * @throws Exception if the records cannot be read completely
     */
    void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception;

    /** A number that identifies a dimension's topic: it changes if the topic is recreated. 0 if there is no topic. */
    default long topic(Dimension dimension) {
        return 0;
    }

    /** Receives the records. */
    interface Receiver {
        /** @param redelivered whether the live feed delivers this record too */
        void record(SourceRecord record, boolean redelivered) throws Exception;

        /** All offsets of this partition below {@code next} have been passed on. */
        void readUpTo(Dimension dimension, int partition, long next) throws Exception;
    }
}
