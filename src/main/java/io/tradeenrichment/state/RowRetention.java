package io.tradeenrichment.state;

import java.util.Arrays;

/** Selects the versions of a bucket that are kept. */
final class RowRetention {
    private final RowVersions versions;
    private final boolean[] kept;

    RowRetention(RowVersions versions) {
        this.versions = versions;
        this.kept = new boolean[versions.size()];
    }

    /** Without what is older than the horizons; the same object if nothing is. */
    RowVersions within(RowBucket.Horizons horizons, VersionOrder order) {
        for (int first = 0, end; first < versions.size(); first = end) {
            end = versions.end(first);
            if (isExpired(first, end, horizons, order)) {
                continue;
            }
            if (order == VersionOrder.BY_RECORD) {
                keepByRecord(horizons, first, end);
            } else {
                keepValidSince(horizons.superseded(), horizons.deleted(), first, end);
            }
        }
        return versions.only(kept);
    }

    /** Without the versions of one row that were superseded by a time. Other rows are kept whole. */
    RowVersions validSince(long time, int first, int end) {
        Arrays.fill(kept, true);
        keepValidSince(time, time, first, end);
        return versions.only(kept);
    }

    private boolean isExpired(int first, int end, RowBucket.Horizons horizons, VersionOrder order) {
        int last = order == VersionOrder.BY_RECORD ? end - 1 : versions.notDeleted(end - 1);
        return last >= 0 && !versions.isTombstone(last) && versions.lastTimestamp(first, end) < horizons.timestamp();
    }

    /**
     * A tombstone is removed together with the versions of other partitions that it deletes: without it, they would
     * return.
     */
    private void keepByRecord(RowBucket.Horizons horizons, int first, int end) {
        if (versions.isTombstone(end - 1) && versions.validFroms[end - 1] < horizons.deleted()) {
            return;
        }
        for (int at = first; at < end; at++) {
            kept[at] = !versions.isTombstone(at) || versions.validFroms[at] >= horizons.deleted();
        }
    }

    /** Keeps what is valid at a time or after it, and each tombstone that is younger or still deletes a version. */
    private void keepValidSince(long time, long deleted, int first, int end) {
        Arrays.fill(kept, first, end, false);
        for (int at = first; at < end; at++) {
            if (versions.validFroms[at] > time) {
                kept[at] = !versions.isTombstone(at);
                keepIfAny(versions.notDeleted(at));
            } else if (at + 1 == end || versions.validFroms[at + 1] > time) {
                keepIfAny(versions.notDeleted(at));
            }
        }
        for (int at = first; at < end; at++) {
            if (versions.isTombstone(at)) {
                kept[at] = versions.validFroms[at] >= deleted || deletesAny(at, first);
            }
        }
    }

    private void keepIfAny(int at) {
        if (at >= 0) {
            kept[at] = true;
        }
    }

    private boolean deletesAny(int tombstone, int first) {
        for (int at = first; at < tombstone; at++) {
            if (kept[at] && !versions.isTombstone(at) && versions.deletes(tombstone, at)) {
                return true;
            }
        }
        return false;
    }
}
