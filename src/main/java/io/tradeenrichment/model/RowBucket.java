package io.tradeenrichment.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some of a dimension's rows, standing together so that a checkpoint copies references to a few thousand buckets and
 * not to a million rows. Never changes: an update makes a new bucket.
 *
 * <p>A row is a timeline: its versions stand side by side, each valid until the next one is. Ids ascend, and within an
 * id the times from which versions are valid; the columns stand in parallel arrays, so that the usual row, of one
 * version, costs no object of its own. A version without a fragment is the dated mark that a deletion leaves.
 */
public final class RowBucket {
    /** How many buckets a dimension has. Part of the state's layout: it never changes under the same state name. */
    public static final int COUNT = 4096;

    /** For versions from before it was kept when they were written: they count as written just now. */
    public static final long WRITTEN_UNKNOWN = Long.MAX_VALUE;

    public static final RowBucket EMPTY = new RowBucket(new long[0], new long[0], new long[0], new byte[0][]);

    private final long[] ids;
    private final long[] validFroms;
    private final long[] written;
    private final byte[][] fragments;

    /** Takes the arrays over; all are of one length, ids ascend, and within an id the versions do. */
    public RowBucket(long[] ids, long[] validFroms, long[] written, byte[][] fragments) {
        this.ids = ids;
        this.validFroms = validFroms;
        this.written = written;
        this.fragments = fragments;
    }

    /** The bucket of an id. Mixed, so that dense, sparse and random ids fill the buckets evenly. */
    public static int of(long id) {
        return (int) (mix(id) >>> 52);
    }

    /** The finalizer of SplitMix64: every bit of the input moves every bit of the output. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** How many versions there are, of all rows together. */
    public int size() {
        return ids.length;
    }

    /** Where the id's newest version stands, or {@code -place - 1} if it has none, but would stand at this place. */
    public int newest(long id) {
        int low = 0;
        int high = ids.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ids[middle] <= id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return found(low, id);
    }

    /**
     * Where the id's version stands that is valid at a time, or {@code -place - 1} if none is, but would stand at this
     * place.
     *
     * @param time microseconds since 1970
     */
    public int valid(long id, long time) {
        int low = 0;
        int high = ids.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ids[middle] < id || (ids[middle] == id && validFroms[middle] <= time)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return found(low, id);
    }

    private int found(int after, long id) {
        return after > 0 && ids[after - 1] == id ? after - 1 : -after - 1;
    }

    /** Where the oldest version of the row stands that has a version at this place. */
    public int oldest(int at) {
        int first = at;
        while (first > 0 && ids[first - 1] == ids[at]) {
            first--;
        }
        return first;
    }

    /** Before which place the newest version of the row stands that has a version at this place. */
    public int end(int at) {
        int end = at + 1;
        while (end < ids.length && ids[end] == ids[at]) {
            end++;
        }
        return end;
    }

    public long id(int at) {
        return ids[at];
    }

    /** Microseconds since 1970. */
    public long validFrom(int at) {
        return validFroms[at];
    }

    /** When its record was written, in milliseconds since 1970, or {@link #WRITTEN_UNKNOWN}. */
    public long written(int at) {
        return written[at];
    }

    public byte @Nullable [] fragment(int at) {
        return fragments[at];
    }

    /** This bucket without the versions from one place to before another, and with the update's at a third. */
    public RowBucket with(DimensionUpdate update, int from, int to, int place) {
        int size = ids.length - (to - from) + 1;
        Draft draft = new Draft(size);
        draft.copy(0, from);
        draft.copy(to, Math.max(to, place));
        draft.add(update);
        draft.copy(Math.max(to, place), ids.length);
        return draft.bucket();
    }

    /** This bucket with the version at a place written at another time. */
    public RowBucket writtenAt(int at, long time) {
        long[] newWritten = written.clone();
        newWritten[at] = time;
        return new RowBucket(ids, validFroms, newWritten, fragments);
    }

    /** This bucket without what lies behind the horizons; itself if nothing does. */
    public RowBucket within(Horizons horizons) {
        Draft draft = new Draft(ids.length);
        for (int first = 0, end; first < ids.length; first = end) {
            end = end(first);
            draft.copy(firstWithin(horizons, first, end), end);
        }
        return draft.size == ids.length ? this : draft.bucket();
    }

    /** Only the oldest versions ever leave, so that what is left answers as before for the times it covers. */
    private int firstWithin(Horizons horizons, int from, int end) {
        if (fragments[end - 1] != null && lastWritten(from, end) < horizons.written()) {
            return end;
        }
        int first = from;
        while (first + 1 < end && validFroms[first + 1] <= horizons.superseded()) {
            first++;
        }
        while (first < end && fragments[first] == null && validFroms[first] < horizons.deleted()) {
            first++;
        }
        return first;
    }

    /** When the latest of the versions from one place to before another was written. */
    public long lastWritten(int from, int end) {
        long last = written[from];
        for (int at = from + 1; at < end; at++) {
            last = Math.max(last, written[at]);
        }
        return last;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof RowBucket that
                        && Arrays.equals(ids, that.ids)
                        && Arrays.equals(validFroms, that.validFroms)
                        && Arrays.equals(written, that.written)
                        && Arrays.deepEquals(fragments, that.fragments));
    }

    /** Without the fragments: the same versions of the same rows, written at the same time, hardly ever differ in them. */
    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(ids) + Arrays.hashCode(validFroms)) + Arrays.hashCode(written);
    }

    /** A hash of one version of a row, of which a digest over all rows is the sum. */
    public static long hash(long id, long validFrom, byte @Nullable [] fragment) {
        return mix(mix(id) + 31 * mix(validFrom) + (fragment == null ? 0x9E3779B97F4A7C15L : hash(fragment)));
    }

    private static long hash(byte[] bytes) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return hash;
    }

    /**
     * Times behind which versions are forgotten; {@link Long#MIN_VALUE} for never.
     *
     * @param superseded versions that were no longer valid then, in microseconds
     * @param deleted marks of deletions before then, in microseconds
     * @param written rows of which no version was written since, in milliseconds
     */
    public record Horizons(long superseded, long deleted, long written) {}

    /** A bucket in the making, out of pieces of this one. */
    private final class Draft {
        private final long[] newIds;
        private final long[] newValidFroms;
        private final long[] newWritten;
        private final byte[][] newFragments;
        private int size;

        Draft(int capacity) {
            newIds = new long[capacity];
            newValidFroms = new long[capacity];
            newWritten = new long[capacity];
            newFragments = new byte[capacity][];
        }

        void copy(int from, int to) {
            int length = to - from;
            System.arraycopy(ids, from, newIds, size, length);
            System.arraycopy(validFroms, from, newValidFroms, size, length);
            System.arraycopy(written, from, newWritten, size, length);
            System.arraycopy(fragments, from, newFragments, size, length);
            size += length;
        }

        void add(DimensionUpdate update) {
            newIds[size] = update.id();
            newValidFroms[size] = update.validFrom();
            newWritten[size] = update.written();
            newFragments[size++] = update.fragment(); // null for a mark
        }

        RowBucket bucket() {
            return size == newIds.length
                    ? new RowBucket(newIds, newValidFroms, newWritten, newFragments)
                    : new RowBucket(
                            Arrays.copyOf(newIds, size),
                            Arrays.copyOf(newValidFroms, size),
                            Arrays.copyOf(newWritten, size),
                            Arrays.copyOf(newFragments, size));
        }
    }
}
