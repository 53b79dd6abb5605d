package io.tradeenrichment.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as consumed, with its framing, so that a dead letter can repeat it unchanged.
 *
 * <p>Its arrays are shared with the values decoded from it and are never modified.
 */
public final class SourceRecord {
    private final Feed feed;
    private final int partition;
    private final long offset;
    private final long timestamp;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final List<Header> headers;

    /**
     * @param offset position in the partition, from 0
     * @param timestamp the record timestamp, milliseconds since 1970
     */
    public SourceRecord(
            Feed feed,
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        this.feed = feed;
        this.partition = partition;
        this.offset = offset;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    public Feed feed() {
        return feed;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    /** Milliseconds since 1970. */
    public long timestamp() {
        return timestamp;
    }

    public byte @Nullable [] key() {
        return key;
    }

    public byte @Nullable [] value() {
        return value;
    }

    public List<Header> headers() {
        return headers;
    }

    /** The source: {@code trades-3@1042}. */
    @Override
    public String toString() {
        return feed.title() + "-" + partition + "@" + offset;
    }
}
