package io.tradeenrichment.state;

import io.tradeenrichment.model.DimensionUpdate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a dimension. A checkpoint copies references to a few thousand buckets instead of a million rows.
 * Immutable: an update makes a new bucket.
 *
 * <p>A row has one or more versions, in their {@link VersionOrder}. A version is identified by its position in the
 * bucket. A version without a fragment is a tombstone: the dated trace of a deletion.
 */
public final class RowBucket {
    /** The number of buckets of a dimension. Part of the state's layout: it never changes under the same state name. */
    public static final int COUNT = 4096;

    public static final RowBucket EMPTY = new RowBucket(new RowVersions(0));

    private final RowVersions versions;

    /** Takes ownership of the versions. */
    public RowBucket(RowVersions versions) {
        this.versions = versions;
    }

    /**
     * The bucket of an id: an integer, or the number of a text. It is hashed, so that dense, sparse and random ids fill
     * the buckets evenly.
     */
    public static int of(long id) {
        return (int) (mix(id) >>> 52);
    }

    /** The finalizer of SplitMix64: every bit of the input changes every bit of the output. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The number of versions of all rows. */
    public int size() {
        return versions.size();
    }

    /**
     * The position of the first version of a row, or the position where it would be inserted.
     *
     * @param id the integer, or the number of the text
     * @param text of the id; null for an integer
     */
    public int first(long id, byte @Nullable [] text) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (versions.isBefore(middle, id, text)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The position after the last version of the row whose first version is at this position. */
    public int end(int first) {
        return versions.end(first);
    }

    /** The position of the row's last version in the bucket's order, or -1 if it has none. */
    public int last(long id, byte @Nullable [] text) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (versions.isUpTo(middle, id, text)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && isOf(low - 1, id, text) ? low - 1 : -1;
    }

    /**
     * The position of the row's version that is valid at a time, or -1 if none is. For buckets in
     * {@link VersionOrder#BY_VALID_FROM}.
     *
     * @param time microseconds since 1970
     */
    public int valid(long id, byte @Nullable [] text, long time) {
        int after = after(id, text, time);
        return after > 0 && isOf(after - 1, id, text) ? versions.notDeleted(after - 1) : -1;
    }

    /** The {@code valid_from} of the row's next version after a time; {@link Long#MAX_VALUE} if there is none. */
    public long nextAfter(long id, byte @Nullable [] text, long time) {
        int after = after(id, text, time);
        return isOf(after, id, text) ? versions.validFroms[after] : Long.MAX_VALUE;
    }

    /** The first position of a later row, or of this row with a {@code valid_from} after the time. */
    private int after(long id, byte @Nullable [] text, long time) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (versions.isBefore(middle, id, text)
                    || (versions.isOf(middle, id, text) && versions.validFroms[middle] <= time)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether the position has a version of this row. */
    public boolean isOf(int at, long id, byte @Nullable [] text) {
        return at < size() && versions.isOf(at, id, text);
    }

    /** The integer, or the number of the text. */
    public long id(int at) {
        return versions.ids[at];
    }

    /** Null if the id is an integer. */
    public byte @Nullable [] text(int at) {
        return versions.text(at);
    }

    /** Whether any row has a text. */
    public boolean hasTexts() {
        return versions.hasTexts();
    }

    /** Microseconds since 1970. */
    public long validFrom(int at) {
        return versions.validFroms[at];
    }

    /** The record timestamp, milliseconds since 1970. */
    public long timestamp(int at) {
        return versions.timestamps[at];
    }

    public int partition(int at) {
        return versions.partitions[at];
    }

    public long offset(int at) {
        return versions.offsets[at];
    }

    /** Null for a tombstone. */
    public byte @Nullable [] fragment(int at) {
        return versions.fragments[at];
    }

    /** The latest record timestamp of the versions from one position to before another. */
    public long lastTimestamp(int from, int end) {
        return versions.lastTimestamp(from, end);
    }

    /** The position of the version that the update would replace, or -1 if it would replace none. */
    public int replacedBy(DimensionUpdate update, VersionOrder order) {
        for (int at = first(update.id(), update.text()); isOf(at, update.id(), update.text()); at++) {
            if (versions.partitions[at] == update.partition()
                    && (order == VersionOrder.BY_RECORD || versions.validFroms[at] == update.validFrom())) {
                return at;
            }
        }
        return -1;
    }

    /** Adds or replaces a version. Returns this bucket if it already has a later version to replace. */
    public RowBucket with(DimensionUpdate update, VersionOrder order) {
        int replaced = replacedBy(update, order);
        if (replaced >= 0 && versions.offsets[replaced] > update.offset()) {
            return this;
        }
        int at = first(update.id(), update.text());
        while (isOf(at, update.id(), update.text()) && isBefore(at, update, order)) {
            at++;
        }
        return new RowBucket(replaced < 0 ? inserted(update, at) : replaced(update, replaced, at));
    }

    private boolean isBefore(int at, DimensionUpdate update, VersionOrder order) {
        if (order == VersionOrder.BY_VALID_FROM && versions.validFroms[at] != update.validFrom()) {
            return versions.validFroms[at] < update.validFrom();
        }
        return versions.timestamps[at] != update.timestamp()
                ? versions.timestamps[at] < update.timestamp()
                : versions.partitions[at] < update.partition();
    }

    private RowVersions inserted(DimensionUpdate update, int at) {
        RowVersions updated = new RowVersions(size() + 1);
        updated.copy(versions, 0, 0, at);
        updated.set(at, update);
        updated.copy(versions, at, at + 1, size() - at);
        return updated;
    }

    private RowVersions replaced(DimensionUpdate update, int replaced, int at) {
        RowVersions updated = new RowVersions(size());
        updated.copy(versions, 0, 0, size());
        if (at > replaced) {
            updated.copy(versions, replaced + 1, replaced, at - 1 - replaced);
            updated.set(at - 1, update);
        } else {
            updated.copy(versions, at, at + 1, replaced - at);
            updated.set(at, update);
        }
        return updated;
    }

    /**
     * Removes the oldest versions of a row that has more than {@code most}. Returns this bucket if it has not. One
     * tombstone more may be kept, if the version that is valid now precedes it. For buckets in
     * {@link VersionOrder#BY_VALID_FROM}.
     */
    public RowBucket withAtMost(int most, long id, byte @Nullable [] text) {
        int first = first(id, text);
        int end = isOf(first, id, text) ? end(first) : first;
        if (end - first <= most) {
            return this;
        }
        int rest = size() - (end - first);
        RowVersions fewer = versions;
        for (int at = end - most; at < end && fewer.size() > rest + most; at++) {
            fewer = new RowRetention(versions).validSince(versions.validFroms[at], first, end);
        }
        return of(fewer);
    }

    /** Removes what is older than the horizons. Returns this bucket if nothing is. */
    public RowBucket within(Horizons horizons, VersionOrder order) {
        return of(new RowRetention(versions).within(horizons, order));
    }

    @SuppressWarnings("ReferenceEquality") // the same versions are the same bucket
    private RowBucket of(RowVersions remaining) {
        return remaining == versions ? this : new RowBucket(remaining);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof RowBucket that && versions.equals(that.versions));
    }

    @Override
    public int hashCode() {
        return versions.hashCode();
    }

    /** A hash of one version. The sum over all versions is a digest of a table. */
    public long hash(int at) {
        byte[] text = text(at);
        byte[] fragment = fragment(at);
        // Not the hash behind the text's number: texts with the same number must differ.
        long row = text == null ? id(at) : id(at) + mix(Arrays.hashCode(text));
        return mix(mix(row) + 31 * mix(validFrom(at)) + (fragment == null ? 0x9E3779B97F4A7C15L : hash(fragment)));
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
     * @param superseded of versions that were no longer valid then, in microseconds
     * @param deleted of tombstones, in microseconds
     * @param timestamp of rows with no record timestamp since then, in milliseconds
     */
    public record Horizons(long superseded, long deleted, long timestamp) {}
}
