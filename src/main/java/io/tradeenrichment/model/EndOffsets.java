package io.tradeenrichment.model;

import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the feeds end, looked up again and again while they are read. That nothing has come from a feed for a while says
 * nothing: the reader may be held up, or the broker gone. Only a reader whose position has reached the end has read all.
 */
public interface EndOffsets extends Serializable {

    /** Where the reader of a feed begins if it is not restored. */
    Start start(Feed feed);

    /** Begins to look for the ends of a feed; called in the task that reads it. */
    Watch watch(Feed feed);

    /**
     * Where a feed is begun.
     *
     * @param topic a number for the topic, another one after it was deleted and created again; 0 if there is no topic
     * @param offsets the first offset that is read, by partition; a partition without one is read from its beginning
     */
    record Start(long topic, Map<Integer, Long> offsets) implements Serializable {
        public Start {
            offsets = Map.copyOf(offsets);
        }
    }

    /** One feed's ends. Used from one thread. */
    interface Watch extends AutoCloseable {
        /**
         * The newest answer, or null if there is none yet. Never blocks.
         *
         * @param positions the next offset that the reader has yet to read, by partition
         */
        @Nullable Ends newest(Map<Integer, Long> positions);

        @Override
        void close();
    }

    /**
     * Where a feed ended at a time.
     *
     * @param askedAt by the clock, milliseconds since 1970; whatever was written before it is below the ends
     * @param timestamped whether what is written later also has later timestamps than that, as in a topic
     * @param offsets by partition, the offset behind the last record that a reader can see
     */
    record Ends(long askedAt, boolean timestamped, Map<Integer, Long> offsets) {
        public Ends {
            offsets = Map.copyOf(offsets);
        }
    }

    /**
     * Of feeds that are made while they are read: nothing in them is ever left unread. Their records' timestamps need
     * not be those of the clock.
     */
    EndOffsets GENERATED = new EndOffsets() {
        @Override
        public Start start(Feed feed) {
            return new Start(0, Map.of());
        }

        @Override
        public Watch watch(Feed feed) {
            return new Watch() {
                @Override
                public Ends newest(Map<Integer, Long> positions) {
                    return new Ends(System.currentTimeMillis(), false, Map.of());
                }

                @Override
                public void close() {
                    // It holds nothing.
                }
            };
        }
    };
}
