package io.tradeenrichment.state;

import io.tradeenrichment.model.DimensionUpdate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the rows in a bucket, in parallel arrays: a row of one version, the usual case, needs no object of
 * its own. Filled once and never changed after that.
 *
 * <p>A row is identified by a number and, if its id is a text, by that text. Rows ascend by number, then by the bytes
 * of the text: different texts may have the same number.
 */
public final class RowVersions {
    final long[] ids;
    final long[] validFroms;
    final long[] timestamps;
    final int[] partitions;
    final long[] offsets;
    final byte[][] fragments;
    /** Null as long as no row has a text; an element is null for an integer. */
    private byte @Nullable [] @Nullable [] texts;

    /** Allocates room for a number of versions. */
    public RowVersions(int size) {
        ids = new long[size];
        validFroms = new long[size];
        timestamps = new long[size];
        partitions = new int[size];
        offsets = new long[size];
        fragments = new byte[size][];
    }

    /** Sets the version at a position, of a row whose id is an integer. */
    public RowVersions set(
            int at, long id, long validFrom, long timestamp, int partition, long offset, byte @Nullable [] fragment) {
        return set(at, id, null, validFrom, timestamp, partition, offset, fragment);
    }

    /**
     * Sets the version at a position.
     *
     * @param id the integer, or the number of the text
     * @param text of the id; null for an integer
     * @param validFrom microseconds since 1970; for a tombstone, the end of its record's millisecond
     * @param timestamp the record timestamp, milliseconds since 1970
     * @param partition of the dimension's topic, with {@code offset} the source of the version
     * @param fragment the row's part of an enriched trade; null for a tombstone
     */
    @SuppressWarnings("NullAway") // a tombstone has no fragment
    public RowVersions set(
            int at,
            long id,
            byte @Nullable [] text,
            long validFrom,
            long timestamp,
            int partition,
            long offset,
            byte @Nullable [] fragment) {
        ids[at] = id;
        setText(at, text);
        validFroms[at] = validFrom;
        timestamps[at] = timestamp;
        partitions[at] = partition;
        offsets[at] = offset;
        fragments[at] = fragment;
        return this;
    }

    void set(int at, DimensionUpdate update) {
        set(
                at,
                update.id(),
                update.text(),
                update.validFrom(),
                update.timestamp(),
                update.partition(),
                update.offset(),
                update.fragment());
    }

    void copy(RowVersions from, int at, int to, int length) {
        System.arraycopy(from.ids, at, ids, to, length);
        System.arraycopy(from.validFroms, at, validFroms, to, length);
        System.arraycopy(from.timestamps, at, timestamps, to, length);
        System.arraycopy(from.partitions, at, partitions, to, length);
        System.arraycopy(from.offsets, at, offsets, to, length);
        System.arraycopy(from.fragments, at, fragments, to, length);
        if (from.texts != null) {
            for (int i = 0; i < length; i++) {
                setText(to + i, from.texts[at + i]);
            }
        }
    }

    private void setText(int at, byte @Nullable [] text) {
        if (text != null && texts == null) {
            texts = new byte[size()][];
        }
        if (texts != null) {
            texts[at] = text;
        }
    }

    /** The versions that are marked; this object if all are. */
    RowVersions only(boolean[] kept) {
        int size = 0;
        for (boolean keep : kept) {
            size += keep ? 1 : 0;
        }
        if (size == size()) {
            return this;
        }
        RowVersions remaining = new RowVersions(size);
        int next = 0;
        for (int at = 0; at < kept.length; at++) {
            if (kept[at]) {
                remaining.copy(this, at, next++, 1);
            }
        }
        return remaining;
    }

    public int size() {
        return ids.length;
    }

    byte @Nullable [] text(int at) {
        return texts == null ? null : texts[at];
    }

    boolean hasTexts() {
        return texts != null;
    }

    /** Whether the version at a position is of a row before this one. */
    boolean isBefore(int at, long id, byte @Nullable [] text) {
        return ids[at] < id || (ids[at] == id && compareTexts(at, text) < 0);
    }

    /** Whether the version at a position is of this row or of one before it. */
    boolean isUpTo(int at, long id, byte @Nullable [] text) {
        return ids[at] < id || (ids[at] == id && compareTexts(at, text) <= 0);
    }

    /** Whether the version at a position is of this row. */
    boolean isOf(int at, long id, byte @Nullable [] text) {
        return ids[at] == id && compareTexts(at, text) == 0;
    }

    /** Compares the text of the version at a position with another. An integer is before all texts. */
    private int compareTexts(int at, byte @Nullable [] text) {
        return texts == null ? (text == null ? 0 : -1) : Arrays.compareUnsigned(texts[at], text);
    }

    boolean isTombstone(int at) {
        return fragments[at] == null;
    }

    /** The position after the last version of the row whose first version is at this position. */
    int end(int first) {
        int end = first + 1;
        while (end < size() && isOf(end, ids[first], text(first))) {
            end++;
        }
        return end;
    }

    /** The latest record timestamp of the versions from one position to before another. */
    long lastTimestamp(int from, int end) {
        long last = timestamps[from];
        for (int at = from + 1; at < end; at++) {
            last = Math.max(last, timestamps[at]);
        }
        return last;
    }

    /**
     * The last version up to this position that no tombstone up to it deletes, or -1. A tombstone deletes what was
     * valid before it, but no later record: if a CDC source deletes and inserts a row in one transaction, the new
     * version may be valid from before the tombstone.
     */
    int notDeleted(int from) {
        if (!isTombstone(from)) {
            return from;
        }
        for (int at = from - 1; at >= 0 && isOf(at, ids[from], text(from)); at--) {
            if (!isTombstone(at) && !isDeleted(at, from)) {
                return at;
            }
        }
        return -1;
    }

    private boolean isDeleted(int version, int upTo) {
        for (int at = version + 1; at <= upTo; at++) {
            if (deletes(at, version)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the version at the first position is a tombstone that deletes the version at the second. */
    boolean deletes(int tombstone, int version) {
        return isTombstone(tombstone) && validFroms[tombstone] >= validFroms[version] && isLater(tombstone, version);
    }

    private boolean isLater(int one, int other) {
        if (partitions[one] == partitions[other]) {
            return offsets[one] > offsets[other];
        }
        return timestamps[one] != timestamps[other]
                ? timestamps[one] > timestamps[other]
                : partitions[one] > partitions[other];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof RowVersions that
                        && Arrays.equals(ids, that.ids)
                        && Arrays.equals(validFroms, that.validFroms)
                        && Arrays.equals(timestamps, that.timestamps)
                        && Arrays.equals(partitions, that.partitions)
                        && Arrays.equals(offsets, that.offsets)
                        && Arrays.deepEquals(fragments, that.fragments)
                        && Arrays.deepEquals(texts, that.texts));
    }

    /** Of ids and offsets: versions of the same offset hardly ever differ in anything else. */
    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(offsets);
    }
}
