package io.tradeenrichment.model;

import java.lang.reflect.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some of a dimension's rows, standing together so that a checkpoint copies references to a few thousand buckets and
 * not to a million rows. Never changes: an update makes a new bucket.
 *
 * <p>Ids ascend; versions and fragments stand in parallel arrays. A row without a fragment is the dated mark that a
 * deletion leaves.
 */
public final class RowBucket {
    /** How many buckets a dimension has. Part of the state's layout: it never changes under the same state name. */
    public static final int COUNT = 4096;

    public static final RowBucket EMPTY = new RowBucket(new long[0], new long[0], new byte[0][]);

    private final long[] ids;
    private final long[] validFroms;
    private final byte[][] fragments;

    /** Takes the arrays over; all are of one length, and ids ascend. */
    public RowBucket(long[] ids, long[] validFroms, byte[][] fragments) {
        this.ids = ids;
        this.validFroms = validFroms;
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

    public int size() {
        return ids.length;
    }

    /** Where the id stands, or a negative number if it does not; see {@link Arrays#binarySearch(long[], long)}. */
    public int find(long id) {
        return Arrays.binarySearch(ids, id);
    }

    public long id(int at) {
        return ids[at];
    }

    /** Microseconds since 1970. */
    public long validFrom(int at) {
        return validFroms[at];
    }

    public byte @Nullable [] fragment(int at) {
        return fragments[at];
    }

    /** This bucket with the row put in the place that {@link #find} gave for its id. */
    public RowBucket with(int found, long id, long validFrom, byte @Nullable [] fragment) {
        long[] newIds = ids;
        long[] newValidFroms;
        byte[][] newFragments;
        int at = found;
        if (found >= 0) {
            newValidFroms = validFroms.clone();
            newFragments = fragments.clone();
        } else {
            at = -found - 1;
            newIds = new long[ids.length + 1];
            newValidFroms = new long[ids.length + 1];
            newFragments = new byte[ids.length + 1][];
            copyWithGap(ids, newIds, at);
            copyWithGap(validFroms, newValidFroms, at);
            copyWithGap(fragments, newFragments, at);
            newIds[at] = id;
        }
        newValidFroms[at] = validFrom;
        newFragments[at] = fragment; // null for a mark
        return new RowBucket(newIds, newValidFroms, newFragments);
    }

    /** This bucket without the marks of deletions before the given time; itself if there are none. */
    public RowBucket withoutMarksBefore(long time) {
        int kept = 0;
        for (int at = 0; at < ids.length; at++) {
            if (!isMarkBefore(at, time)) {
                kept++;
            }
        }
        if (kept == ids.length) {
            return this;
        }
        long[] newIds = new long[kept];
        long[] newValidFroms = new long[kept];
        byte[][] newFragments = new byte[kept][];
        int to = 0;
        for (int at = 0; at < ids.length; at++) {
            if (!isMarkBefore(at, time)) {
                newIds[to] = ids[at];
                newValidFroms[to] = validFroms[at];
                newFragments[to++] = fragments[at];
            }
        }
        return new RowBucket(newIds, newValidFroms, newFragments);
    }

    private boolean isMarkBefore(int at, long time) {
        return fragments[at] == null && validFroms[at] < time;
    }

    @SuppressWarnings("SuspiciousSystemArraycopy")
    private static void copyWithGap(Object from, Object to, int gap) {
        int length = Array.getLength(from);
        System.arraycopy(from, 0, to, 0, gap);
        System.arraycopy(from, gap, to, gap + 1, length - gap);
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
}
