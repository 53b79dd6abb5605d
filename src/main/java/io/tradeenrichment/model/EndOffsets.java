package io.tradeenrichment.model;

import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end offsets of the feeds, fetched periodically while they are read. That a feed delivers nothing for a while
 * proves nothing: the reader may be slow, or the broker down. Only a reader whose position has reached the end has read
 * all.
 */
public interface EndOffsets extends Serializable {
    /** The starting offsets of a feed if its reader is not restored. */
    Start start(Feed feed);

    /** Starts to fetch the end offsets of a feed. Called in the task that reads the feed. */
    Watch watch(Feed feed);

    /**
     * The start of a feed.
     *
     * @param topic a number that identifies the topic: it changes if the topic is recreated; 0 if there is no topic
     * @param offsets the starting offset by partition; a partition without one is read from its beginning
     */
    record Start(long topic, Map<Integer, Long> offsets) implements Serializable {
        public Start {
            offsets = Map.copyOf(offsets);
        }
    }

    /** The end offsets of one feed. Used from one thread. */
    interface Watch extends AutoCloseable {
        /**
         * The latest end offsets; null if there are none yet. Never blocks.
         *
         * @param positions the next offset to read, by partition
         */
        @Nullable Ends newest(Map<Integer, Long> positions);

        @Override
        void close();
    }

    /**
     * The end offsets of a feed at a time.
     *
     * @param requestedAt processing time, milliseconds since 1970; every record written before it is below the ends
     * @param timestamped whether records written later also have later timestamps, as in a topic
     * @param offsets by partition, the offset after the last record that is visible to a reader
     */
    record Ends(long requestedAt, boolean timestamped, Map<Integer, Long> offsets) {
        public Ends {
            offsets = Map.copyOf(offsets);
        }
    }

    /** Of generated feeds: they never have unread records, and their record timestamps need not be processing time. */
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
                    // There is nothing to close.
                }
            };
        }
    };
}
