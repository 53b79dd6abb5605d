package io.tradeenrichment.state;

import io.tradeenrichment.codec.binary.Varint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids in ascending order, each with a time, packed into one or two bytes each. Immutable: adding an id makes a new
 * page.
 *
 * <p>Each id after the first is packed as the distance to the previous id, a varint of at least 1. A 0 before it marks
 * a change of time, followed by the difference as a zigzag varint. What an append needs is stored unpacked.
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

    /** Takes ownership of the bytes. */
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

    /** A page of one id. */
    public static IdPage of(long id, long time) {
        return new IdPage(0, Long.MIN_VALUE, time, 1, id, id, time, time, time, NONE);
    }

    /** Adds an id. Null if the page contains it. Not for an empty page. */
    public @Nullable IdPage with(long id, long time) {
        return id > last ? append(id, time) : insert(id, time);
    }

    /** Adds an id greater than the last. Not for an empty page. */
    public IdPage append(long id, long time) {
        int end = packed.length;
        byte[] grown = Arrays.copyOf(packed, end + stepLength(id - last, time - lastTime));
        writeStep(id - last, time - lastTime, grown, end);
        return with(first, id, firstTime, time, time, grown);
    }

    /** Replaces the bytes of one step by those of two; other bytes are copied. */
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

    /** The packed bytes, with room for {@code length} bytes in place of those from start to end. */
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

    /** The number of bytes from one id to the next. */
    static int stepLength(long distance, long change) {
        int length = Varint.length(distance);
        return change == 0 ? length : length + 1 + Varint.length(Varint.zigzag(change));
    }

    /** Returns the start of the next step. */
    static int writeStep(long distance, long change, byte[] bytes, int start) {
        int at = start;
        if (change != 0) {
            bytes[at] = 0;
            at = Varint.write(Varint.zigzag(change), bytes, at + 1);
        }
        return Varint.write(distance, bytes, at);
    }

    /** The same ids, with a write time. */
    public IdPage writtenAt(long time) {
        return new IdPage(
                level, lower, Math.max(written, time), size, first, last, firstTime, lastTime, oldest, packed);
    }

    /** The same ids as a tail below a number of levels. */
    public IdPage below(int level, long lower) {
        return new IdPage(level, lower, written, size, first, last, firstTime, lastTime, oldest, packed);
    }

    /** The greatest id up to the given one; the first id if all are greater. */
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

    /** The number of levels above a tail; 0 for any other page. */
    public int level() {
        return level;
    }

    /** The lower bound of a tail with levels above it; otherwise {@link Long#MIN_VALUE}. */
    public long lower() {
        return lower;
    }

    /** The greatest write time, not before the time of any id. */
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

    /** The earliest time of its ids. */
    public long oldest() {
        return oldest;
    }

    /** The ids after the first. Must not be modified. */
    public byte[] packed() {
        return packed;
    }

    @Override
    public String toString() {
        return size + " ids, " + first + " to " + last + ", in " + packed.length + " bytes";
    }
}
