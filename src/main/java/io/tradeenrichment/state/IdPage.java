package io.tradeenrichment.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids in ascending order, each with a time: packed, as they mostly come in order, into a byte or two each. Never
 * changes: an added id makes a new page.
 *
 * <p>Packed are the ids after the first: the distance to the one before, at least 1, as a varint. A 0 instead says that
 * the time changes here, and the zigzag varint after it by how much. What an append has to know stands beside the bytes.
 */
public final class IdPage {
    static final byte[] NONE = {};

    private final int level;
    private final long lower;
    private final long written;
    private final int size;
    private final long first;
    private final long last;
    private final long firstTime;
    private final long lastTime;
    private final long oldest;
    private final byte[] packed;

    /** Takes the bytes over. */
    public IdPage(
            int level,
            long lower,
            long written,
            int size,
            long first,
            long last,
            long firstTime,
            long lastTime,
            long oldest,
            byte[] packed) {
        this.level = level;
        this.lower = lower;
        this.written = written;
        this.size = size;
        this.first = first;
        this.last = last;
        this.firstTime = firstTime;
        this.lastTime = lastTime;
        this.oldest = oldest;
        this.packed = packed;
    }

    /** A page of one id, alone under its key or below other pages. */
    public static IdPage of(long id, long time) {
        return new IdPage(0, Long.MIN_VALUE, time, 1, id, id, time, time, time, NONE);
    }

    /** This page and an id; null if the id is there. Not for a page without ids. */
    public @Nullable IdPage with(long id, long time) {
        return id > last ? append(id, time) : insert(id, time);
    }

    /** This page and an id greater than its last; not for a page without ids. */
    public IdPage append(long id, long time) {
        int end = packed.length;
        byte[] grown = Arrays.copyOf(packed, end + stepLength(id - last, time - lastTime));
        writeStep(id - last, time - lastTime, grown, end);
        return with(first, id, firstTime, time, time, grown);
    }

    /** The bytes of one step are exchanged for those of two; the others are copied as they are. */
    private @Nullable IdPage insert(long id, long time) {
        if (id <= first) {
            return id == first ? null : prepend(id, time);
        }
        long before = first;
        long timeBefore = firstTime;
        int start = 0;
        while (true) {
            int end = start;
            long after = Varint.read(packed, end);
            end += Varint.length(after);
            long timeAfter = timeBefore;
            if (after == 0) {
                long change = Varint.read(packed, end);
                end += Varint.length(change);
                timeAfter += Varint.unzigzag(change);
                after = Varint.read(packed, end);
                end += Varint.length(after);
            }
            after += before;
            if (id == after) {
                return null;
            }
            if (id < after) {
                int steps = stepLength(id - before, time - timeBefore) + stepLength(after - id, timeAfter - time);
                byte[] grown = gap(start, end, steps);
                int next = writeStep(id - before, time - timeBefore, grown, start);
                writeStep(after - id, timeAfter - time, grown, next);
                return with(first, last, firstTime, lastTime, time, grown);
            }
            before = after;
            timeBefore = timeAfter;
            start = end;
        }
    }

    private IdPage prepend(long id, long time) {
        byte[] grown = gap(0, 0, stepLength(first - id, firstTime - time));
        writeStep(first - id, firstTime - time, grown, 0);
        return with(id, last, time, lastTime, time, grown);
    }

    /** The packed bytes with so many others, yet to be written, in place of those from start to end. */
    private byte[] gap(int start, int end, int length) {
        byte[] grown = new byte[packed.length - (end - start) + length];
        System.arraycopy(packed, 0, grown, 0, start);
        System.arraycopy(packed, end, grown, start + length, packed.length - end);
        return grown;
    }

    private IdPage with(long first, long last, long firstTime, long lastTime, long time, byte[] grown) {
        return new IdPage(
                level,
                lower,
                Math.max(written, time),
                size + 1,
                first,
                last,
                firstTime,
                lastTime,
                Math.min(oldest, time),
                grown);
    }

    /** How many bytes it takes to come from one id to the next. */
    static int stepLength(long distance, long change) {
        int length = Varint.length(distance);
        return change == 0 ? length : length + 1 + Varint.length(Varint.zigzag(change));
    }

    /** Returns where the next step begins. */
    static int writeStep(long distance, long change, byte[] bytes, int start) {
        int at = start;
        if (change != 0) {
            bytes[at] = 0;
            at = Varint.write(Varint.zigzag(change), bytes, at + 1);
        }
        return Varint.write(distance, bytes, at);
    }

    /** The same ids, written at a time. */
    public IdPage writtenAt(long time) {
        return new IdPage(
                level, lower, Math.max(written, time), size, first, last, firstTime, lastTime, oldest, packed);
    }

    /** The same ids in a tail below that many levels. */
    public IdPage below(int level, long lower) {
        return new IdPage(level, lower, written, size, first, last, firstTime, lastTime, oldest, packed);
    }

    /** The greatest id that is not greater than the given one, or the first if all are. */
    public long floor(long id) {
        if (id >= last) {
            return last;
        }
        long floor = first;
        if (id < floor) {
            return floor;
        }
        int at = 0;
        while (at < packed.length) {
            long distance = Varint.read(packed, at);
            at += Varint.length(distance);
            if (distance == 0) {
                at += Varint.length(Varint.read(packed, at));
            } else if (Long.compareUnsigned(distance, id - floor) > 0) {
                break;
            } else {
                floor += distance;
            }
        }
        return floor;
    }

    /** How many levels of pages stand above this one: known of a tail only, otherwise 0. */
    public int level() {
        return level;
    }

    /** The lower bound of a tail that has a level, otherwise {@link Long#MIN_VALUE}. */
    public long lower() {
        return lower;
    }

    /** The greatest time the page was ever written with: not before that of any of its ids. */
    public long written() {
        return written;
    }

    public int size() {
        return size;
    }

    public long first() {
        return first;
    }

    public long last() {
        return last;
    }

    public long firstTime() {
        return firstTime;
    }

    public long lastTime() {
        return lastTime;
    }

    /** The least time of its ids. */
    public long oldest() {
        return oldest;
    }

    /** The ids after the first; never to be written to. */
    public byte[] packed() {
        return packed;
    }

    @Override
    public String toString() {
        return size + " ids, " + first + " to " + last + ", in " + packed.length + " bytes";
    }
}
