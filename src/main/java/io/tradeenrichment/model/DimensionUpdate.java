package io.tradeenrichment.model;

import org.jspecify.annotations.Nullable;

/**
 * A new version of a row, or its deletion.
 *
 * <p>The fragment is the row's encoded part of an enriched trade; a deletion has none. Updates of different partitions
 * commute: their interleaving does not affect the final rows.
 */
public final class DimensionUpdate implements DimensionEvent {
    private final Dimension dimension;
    private final long id;
    private final long validFrom;
    private final long timestamp;
    private final byte @Nullable [] fragment;
    private final int partition;
    private final long offset;

    /**
     * @param validFrom microseconds since 1970; for a deletion, the end of its record's millisecond
     * @param timestamp the record timestamp, milliseconds since 1970
     * @param partition of the dimension's topic, with {@code offset} the source of the update
     */
    public DimensionUpdate(
            Dimension dimension,
            long id,
            long validFrom,
            long timestamp,
            byte @Nullable [] fragment,
            int partition,
            long offset) {
        this.dimension = dimension;
        this.id = id;
        this.validFrom = validFrom;
        this.timestamp = timestamp;
        this.fragment = fragment;
        this.partition = partition;
        this.offset = offset;
    }

    @Override
    public Dimension dimension() {
        return dimension;
    }

    public long id() {
        return id;
    }

    /** Microseconds since 1970. */
    public long validFrom() {
        return validFrom;
    }

    /** The record timestamp, milliseconds since 1970. */
    public long timestamp() {
        return timestamp;
    }

    public byte @Nullable [] fragment() {
        return fragment;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }
}
