package io.tradeenrichment.state;

import io.tradeenrichment.codec.binary.Varint;
import java.util.Arrays;

/** The unpacked ids of a page, to be changed and packed into one or two pages. Reused. */
public final class IdPageDraft {
    private static final int NO_INSERT = -1;

    private long[] ids = new long[256];
    private long[] times = new long[256];
    private int size;
    private int inserted;
    private long written;

    /** Starts with no ids. */
    public IdPageDraft clear() {
        size = 0;
        inserted = NO_INSERT;
        written = Long.MIN_VALUE;
        return this;
    }

    /** Starts with the page's ids whose time is later than {@code expired}. */
    public IdPageDraft load(IdPage page, long expired) {
        clear();
        written = page.written();
        if (page.size() == 0) {
            return this;
        }
        if (ids.length < page.size()) {
            ids = new long[page.size() * 2];
            times = new long[page.size() * 2];
        }
        byte[] packed = page.packed();
        long id = page.first();
        long time = page.firstTime();
        if (time > expired) {
            keep(id, time);
        }
        for (int at = 0; at < packed.length; ) {
            long distance = Varint.read(packed, at);
            at += Varint.length(distance);
            if (distance == 0) {
                long change = Varint.read(packed, at);
                at += Varint.length(change);
                time += Varint.unzigzag(change);
            } else {
                id += distance;
                if (time > expired) {
                    keep(id, time);
                }
            }
        }
        return this;
    }

    private void keep(long id, long time) {
        ids[size] = id;
        times[size++] = time;
    }

    public int size() {
        return size;
    }

    public long id(int at) {
        return ids[at];
    }

    /** The greatest write time of these ids. */
    public long written() {
        return written;
    }

    /** Adds an id. False if it is present; its time does not change. */
    public boolean add(long id, long time) {
        int found = Arrays.binarySearch(ids, 0, size, id);
        if (found >= 0) {
            return false;
        }
        insert(-found - 1, id, time);
        return true;
    }

    /** Adds an id, or advances the time of a present one. */
    public void put(long id, long time) {
        int found = Arrays.binarySearch(ids, 0, size, id);
        if (found >= 0) {
            times[found] = Math.max(times[found], time);
            written = Math.max(written, time);
        } else {
            insert(-found - 1, id, time);
        }
    }

    /** Removes an id. False if it is absent. */
    public boolean remove(long id) {
        int found = Arrays.binarySearch(ids, 0, size, id);
        if (found < 0) {
            return false;
        }
        size--;
        System.arraycopy(ids, found + 1, ids, found, size - found);
        System.arraycopy(times, found + 1, times, found, size - found);
        return true;
    }

    private void insert(int at, long id, long time) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
            times = Arrays.copyOf(times, size * 2);
        }
        System.arraycopy(ids, at, ids, at + 1, size - at);
        System.arraycopy(times, at, times, at + 1, size - at);
        ids[at] = id;
        times[at] = time;
        size++;
        inserted = at;
        written = Math.max(written, time);
    }

    /** The number of bytes of the packed ids. */
    public int length() {
        return length(0, size);
    }

    /**
     * Where a page that is too long is split: next to the new id if that is the first or the last, so that ascending
     * and descending ids leave full pages; otherwise in the middle.
     */
    public int cut() {
        if (inserted == size - 1) {
            return size - 1;
        }
        return inserted == 0 ? 1 : size / 2;
    }

    /** The ids from one position to before another, as a page. */
    public IdPage page(int from, int to) {
        if (from == to) {
            return new IdPage(0, Long.MIN_VALUE, written, 0, 0, 0, 0, 0, 0, IdPage.NONE);
        }
        byte[] packed = new byte[length(from, to)];
        long oldest = times[from];
        int next = 0;
        for (int at = from + 1; at < to; at++) {
            next = IdPage.writeStep(ids[at] - ids[at - 1], times[at] - times[at - 1], packed, next);
            oldest = Math.min(oldest, times[at]);
        }
        return new IdPage(
                0,
                Long.MIN_VALUE,
                written,
                to - from,
                ids[from],
                ids[to - 1],
                times[from],
                times[to - 1],
                oldest,
                packed);
    }

    private int length(int from, int to) {
        int length = 0;
        for (int at = from + 1; at < to; at++) {
            length += IdPage.stepLength(ids[at] - ids[at - 1], times[at] - times[at - 1]);
        }
        return length;
    }
}
