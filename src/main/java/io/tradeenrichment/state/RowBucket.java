package io.tradeenrichment.state;

import io.tradeenrichment.model.DimensionUpdate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some of a dimension's rows, kept together so that a checkpoint copies references to a few thousand buckets and not to a
 * million rows. Never changes: an update makes a new bucket.
 *
 * <p>A row has one version or more, in the order that {@link VersionOrder} gives them, and a version is a column of
 * parallel arrays, so that the usual row, of one version, costs no object of its own. Ids ascend. A version without a
 * fragment is a tombstone: the dated trace of a deletion.
 */
public final class RowBucket {
    /** How many buckets a dimension has. Part of the state's layout: it never changes under the same state name. */
    public static final int COUNT = 4096;

    public static final RowBucket EMPTY = new RowBucket(new Columns(0));

    private final Columns columns;

    /** Takes the columns over. */
    public RowBucket(Columns columns) {
        this.columns = columns;
    }

    /** The versions of a bucket that is being made, one a place. Ids ascend. */
    public static final class Columns {
        private final long[] ids;
        private final long[] validFroms;
        private final long[] written;
        private final int[] partitions;
        private final long[] offsets;
        private final byte[][] fragments;

        /** Room for so many versions. */
        public Columns(int size) {
            ids = new long[size];
            validFroms = new long[size];
            written = new long[size];
            partitions = new int[size];
            offsets = new long[size];
            fragments = new byte[size][];
        }

        /**
         * Puts a version at a place.
         *
         * @param validFrom microseconds since 1970; for a tombstone, the end of its record's millisecond
         * @param timestamp of its record, milliseconds since 1970
         * @param partition of the dimension's topic, with {@code offset} where the version came from
         * @param fragment the version's part of an enriched trade; null for a tombstone
         */
        @SuppressWarnings("NullAway") // a tombstone has no fragment
        public Columns set(
                int at,
                long id,
                long validFrom,
                long timestamp,
                int partition,
                long offset,
                byte @Nullable [] fragment) {
            ids[at] = id;
            validFroms[at] = validFrom;
            written[at] = timestamp;
            partitions[at] = partition;
            offsets[at] = offset;
            fragments[at] = fragment;
            return this;
        }

        private void set(int at, DimensionUpdate update) {
            set(
                    at,
                    update.id(),
                    update.validFrom(),
                    update.written(),
                    update.partition(),
                    update.offset(),
                    update.fragment());
        }

        private void copy(Columns from, int at, int to, int length) {
            System.arraycopy(from.ids, at, ids, to, length);
            System.arraycopy(from.validFroms, at, validFroms, to, length);
            System.arraycopy(from.written, at, written, to, length);
            System.arraycopy(from.partitions, at, partitions, to, length);
            System.arraycopy(from.offsets, at, offsets, to, length);
            System.arraycopy(from.fragments, at, fragments, to, length);
        }
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
        return columns.ids.length;
    }

    /** The place of the id's first version, or the place where it would be. */
    public int first(long id) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (columns.ids[middle] < id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The place behind the last version of the row that has its first version at this place. */
    public int end(int first) {
        int end = first + 1;
        while (end < size() && columns.ids[end] == columns.ids[first]) {
            end++;
        }
        return end;
    }

    /** The place of the id's last version in the bucket's order, or -1 if it has none. */
    public int last(long id) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (columns.ids[middle] <= id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && columns.ids[low - 1] == id ? low - 1 : -1;
    }

    /**
     * The place of the id's version that is valid at a time, or -1 if none is. For buckets in
     * {@link VersionOrder#BY_VALID_FROM}.
     *
     * @param time microseconds since 1970
     */
    public int valid(long id, long time) {
        int after = after(id, time);
        return after > 0 && columns.ids[after - 1] == id ? notDeleted(after - 1) : -1;
    }

    /** From when on the first version is valid that becomes valid after a time; the end of time if none does. */
    public long nextAfter(long id, long time) {
        int after = after(id, time);
        return after < size() && columns.ids[after] == id ? columns.validFroms[after] : Long.MAX_VALUE;
    }

    /** The first place whose version is of a greater id, or of this id and valid only after the time. */
    private int after(long id, long time) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (columns.ids[middle] < id || (columns.ids[middle] == id && columns.validFroms[middle] <= time)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The last version up to this place that no tombstone up to it deletes, or -1. A tombstone deletes what was valid
     * before it, but not what is later than itself: a row that is deleted and inserted again in one transaction of a CDC
     * source may well be valid from a moment before the tombstone's.
     */
    private int notDeleted(int from) {
        if (columns.fragments[from] != null) {
            return from;
        }
        for (int at = from - 1; at >= 0 && columns.ids[at] == columns.ids[from]; at--) {
            if (columns.fragments[at] != null && !isDeleted(at, from)) {
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

    private boolean deletes(int tombstone, int version) {
        return columns.fragments[tombstone] == null
                && columns.validFroms[tombstone] >= columns.validFroms[version]
                && isLater(tombstone, version);
    }

    private boolean isLater(int one, int other) {
        if (columns.partitions[one] == columns.partitions[other]) {
            return columns.offsets[one] > columns.offsets[other];
        }
        return columns.written[one] != columns.written[other]
                ? columns.written[one] > columns.written[other]
                : columns.partitions[one] > columns.partitions[other];
    }

    public long id(int at) {
        return columns.ids[at];
    }

    /** Microseconds since 1970. */
    public long validFrom(int at) {
        return columns.validFroms[at];
    }

    /** The timestamp of its record, milliseconds since 1970. */
    public long written(int at) {
        return columns.written[at];
    }

    public int partition(int at) {
        return columns.partitions[at];
    }

    public long offset(int at) {
        return columns.offsets[at];
    }

    /** Null for a tombstone. */
    public byte @Nullable [] fragment(int at) {
        return columns.fragments[at];
    }

    /** The latest record timestamp of the versions from one place to before another. */
    public long lastWritten(int from, int end) {
        long last = columns.written[from];
        for (int at = from + 1; at < end; at++) {
            last = Math.max(last, columns.written[at]);
        }
        return last;
    }

    /** The place of the version that the update would replace, or -1 if it would replace none. */
    public int replacedBy(DimensionUpdate update, VersionOrder order) {
        for (int at = first(update.id()); at < size() && columns.ids[at] == update.id(); at++) {
            if (columns.partitions[at] == update.partition()
                    && (order == VersionOrder.BY_RECORD || columns.validFroms[at] == update.validFrom())) {
                return at;
            }
        }
        return -1;
    }

    /**
     * This bucket with a version more, in place of the one that it replaces; itself if it holds a later version in that
     * one's place.
     */
    public RowBucket with(DimensionUpdate update, VersionOrder order) {
        int replaced = replacedBy(update, order);
        if (replaced >= 0 && columns.offsets[replaced] > update.offset()) {
            return this;
        }
        int place = first(update.id());
        while (place < size() && columns.ids[place] == update.id() && isBefore(place, update, order)) {
            place++;
        }
        return replaced < 0 ? inserted(update, place) : replaced(update, replaced, place);
    }

    private boolean isBefore(int at, DimensionUpdate update, VersionOrder order) {
        if (order == VersionOrder.BY_VALID_FROM && columns.validFroms[at] != update.validFrom()) {
            return columns.validFroms[at] < update.validFrom();
        }
        return columns.written[at] != update.written()
                ? columns.written[at] < update.written()
                : columns.partitions[at] < update.partition();
    }

    private RowBucket inserted(DimensionUpdate update, int place) {
        Columns made = new Columns(size() + 1);
        made.copy(columns, 0, 0, place);
        made.set(place, update);
        made.copy(columns, place, place + 1, size() - place);
        return new RowBucket(made);
    }

    private RowBucket replaced(DimensionUpdate update, int replaced, int place) {
        Columns made = new Columns(size());
        made.copy(columns, 0, 0, size());
        if (place > replaced) {
            made.copy(columns, replaced + 1, replaced, place - 1 - replaced);
            made.set(place - 1, update);
        } else {
            made.copy(columns, place, place + 1, replaced - place);
            made.set(place, update);
        }
        return new RowBucket(made);
    }

    /**
     * This bucket without the oldest versions of a row that has more than so many; itself if it has not. A tombstone may be
     * one more, where what is valid now comes from before it. For buckets in {@link VersionOrder#BY_VALID_FROM}.
     */
    public RowBucket withAtMost(int most, long id) {
        int first = first(id);
        int end = first < size() && columns.ids[first] == id ? end(first) : first;
        if (end - first <= most) {
            return this;
        }
        RowBucket fewer = this;
        for (int at = end - most; at < end && fewer.size() > size() - (end - first) + most; at++) {
            boolean[] kept = new boolean[size()];
            Arrays.fill(kept, true);
            keepValidSince(columns.validFroms[at], columns.validFroms[at], first, end, kept);
            fewer = only(kept);
        }
        return fewer;
    }

    /** This bucket without what is older than the horizons allow; itself if nothing is. */
    public RowBucket within(Horizons horizons, VersionOrder order) {
        boolean[] kept = new boolean[size()];
        for (int first = 0, end; first < size(); first = end) {
            end = end(first);
            if (isExpired(first, end, horizons, order)) {
                continue;
            }
            if (order == VersionOrder.BY_RECORD) {
                keepByRecord(horizons, first, end, kept);
            } else {
                keepValidSince(horizons.superseded(), horizons.deleted(), first, end, kept);
            }
        }
        return only(kept);
    }

    private boolean isExpired(int first, int end, Horizons horizons, VersionOrder order) {
        int last = order == VersionOrder.BY_RECORD ? end - 1 : notDeleted(end - 1);
        return last >= 0 && columns.fragments[last] != null && lastWritten(first, end) < horizons.written();
    }

    /**
     * A tombstone leaves together with the versions of other partitions that it deletes: without it, they would come
     * back.
     */
    private void keepByRecord(Horizons horizons, int first, int end, boolean[] kept) {
        if (columns.fragments[end - 1] == null && columns.validFroms[end - 1] < horizons.deleted()) {
            return;
        }
        for (int at = first; at < end; at++) {
            kept[at] = columns.fragments[at] != null || columns.validFroms[at] >= horizons.deleted();
        }
    }

    /** Keeps what was valid at a time or has been since, and each tombstone that is younger or still deletes something. */
    private void keepValidSince(long time, long deleted, int first, int end, boolean[] kept) {
        Arrays.fill(kept, first, end, false);
        for (int at = first; at < end; at++) {
            if (columns.validFroms[at] > time) {
                kept[at] = columns.fragments[at] != null;
                keepIfAny(notDeleted(at), kept);
            } else if (at + 1 == end || columns.validFroms[at + 1] > time) {
                keepIfAny(notDeleted(at), kept);
            }
        }
        for (int at = first; at < end; at++) {
            if (columns.fragments[at] == null) {
                kept[at] = columns.validFroms[at] >= deleted || deletesAny(at, first, kept);
            }
        }
    }

    private static void keepIfAny(int at, boolean[] kept) {
        if (at >= 0) {
            kept[at] = true;
        }
    }

    private boolean deletesAny(int tombstone, int first, boolean[] kept) {
        for (int at = first; at < tombstone; at++) {
            if (kept[at] && columns.fragments[at] != null && deletes(tombstone, at)) {
                return true;
            }
        }
        return false;
    }

    private RowBucket only(boolean[] kept) {
        int size = 0;
        for (boolean keep : kept) {
            size += keep ? 1 : 0;
        }
        if (size == size()) {
            return this;
        }
        Columns made = new Columns(size);
        int next = 0;
        for (int at = 0; at < kept.length; at++) {
            if (kept[at]) {
                made.copy(columns, at, next++, 1);
            }
        }
        return new RowBucket(made);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof RowBucket that
                        && Arrays.equals(columns.ids, that.columns.ids)
                        && Arrays.equals(columns.validFroms, that.columns.validFroms)
                        && Arrays.equals(columns.written, that.columns.written)
                        && Arrays.equals(columns.partitions, that.columns.partitions)
                        && Arrays.equals(columns.offsets, that.columns.offsets)
                        && Arrays.deepEquals(columns.fragments, that.columns.fragments));
    }

    /** Of ids and offsets: versions from the same place of a topic hardly ever differ in anything else. */
    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(columns.ids) + Arrays.hashCode(columns.offsets);
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
     * Times before which versions are removed; {@link Long#MIN_VALUE} for never.
     *
     * @param superseded versions that were no longer valid then, in microseconds
     * @param deleted tombstones of before then, in microseconds
     * @param written rows of which no version has a record timestamp since, in milliseconds
     */
    public record Horizons(long superseded, long deleted, long written) {}
}
