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
    private final byte @Nullable [] text;
    private final long validFrom;
    private final long timestamp;
    private final byte @Nullable [] fragment;
    private final int partition;
    private final long offset;

    /** With an id that is an integer. */
    public DimensionUpdate(
            Dimension dimension,
            long id,
            long validFrom,
            long timestamp,
            byte @Nullable [] fragment,
            int partition,
            long offset) {
        this(dimension, id, null, validFrom, timestamp, fragment, partition, offset);
    }

    /**
     * @param id the integer, or the number of the text
     * @param text of the id; null for an integer
     * @param validFrom microseconds since 1970; for a deletion, the end of its record's millisecond
     * @param timestamp the record timestamp, milliseconds since 1970
     * @param partition of the dimension's topic, with {@code offset} the source of the update
     */
    public DimensionUpdate(
            Dimension dimension,
            long id,
            byte @Nullable [] text,
            long validFrom,
            long timestamp,
            byte @Nullable [] fragment,
            int partition,
            long offset) {
        this.dimension = dimension;
        this.id = id;
        this.text = text;
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

    /** The integer, or the number of the text (see {@link TextIds}). */
    public long id() {
        return id;
    }

    /** Null if the id is an integer. */
    public byte @Nullable [] text() {
        return text;
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
