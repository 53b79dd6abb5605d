package io.tradeenrichment.codec.walk;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DecodeException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Checks that bytes are exactly one datum of a schema, and notes the values that are marked, without decoding the others.
 * As strict as {@link Cursor}; besides, a decimal has at most the digits of its type. A flyweight: the values are those of
 * the last datum. Not thread-safe.
 */
public final class Walk {
    /** Of recursive types and collections; Avro's own decoder overflows the stack at a few thousand. */
    static final int MAX_DEPTH = 1_000;

    /** The limit of Avro for Java. */
    private static final long MAX_ITEMS = Integer.MAX_VALUE - 8;

    private static final int ABSENT = -1;

    private final int[] code;
    private final String[] names;
    private final DecimalCheck[] decimals;
    private final Cursor cursor = new Cursor();
    /** The callers of sub-programs, and the blocks that the current item is in. */
    private final long[] stack = new long[MAX_DEPTH];

    private final long[] numbers;
    private final int[] starts;
    private final int[] ends;

    private Walk(Compiler.Program program, int slots) {
        this.code = program.code;
        this.names = program.names;
        this.decimals = program.decimals;
        this.numbers = new long[slots];
        this.starts = new int[slots];
        this.ends = new int[slots];
    }

    /**
     * @param record the schema of the data
     * @param marks the values that are wanted; the index of a mark is its slot
     * @throws IllegalArgumentException if a mark leads into a collection
     */
    public static Walk of(Schema record, List<Mark> marks) {
        return new Walk(Compiler.compile(record, Mark.Slot.all(marks)), marks.size());
    }

    /** The number of a {@link Mark#value}. Undefined if it is absent. */
    public long number(int slot) {
        return numbers[slot];
    }

    /** The numbers of the first slots. */
    public long[] numbers(int count) {
        return Arrays.copyOf(numbers, count);
    }

    /** The position of the first byte of a span. Undefined if it is absent. */
    public int start(int slot) {
        return starts[slot];
    }

    /** The position after a span. Undefined if it is absent. */
    public int end(int slot) {
        return ends[slot];
    }

    /** Whether the value, or a record around it, is null. */
    public boolean isAbsent(int slot) {
        return ends[slot] == ABSENT;
    }

    /**
     * @param bytes the datum, from {@code start} to the end of the array
     * @throws DecodeException if the bytes are not exactly one valid datum
     */
    public void over(byte[] bytes, int start) throws DecodeException {
        Cursor in = cursor.wrap(bytes, start);
        int[] program = code;
        int depth = 0;
        int at = 0;
        while (true) {
            switch (program[at]) {
                case Op.LONG -> {
                    numbers[program[at + 1]] = in.readLong();
                    at += 2;
                }
                case Op.INT -> {
                    numbers[program[at + 1]] = in.readInt();
                    at += 2;
                }
                case Op.SYMBOL -> {
                    numbers[program[at + 1]] = in.readIndex(program[at + 2], names[program[at + 3]]);
                    at += 4;
                }
                case Op.LONGS -> {
                    in.skipLongs(program[at + 1]);
                    at += 2;
                }
                case Op.INTS -> {
                    for (int left = program[at + 1]; left > 0; left--) {
                        in.readInt();
                    }
                    at += 2;
                }
                case Op.BOOLEANS -> {
                    for (int left = program[at + 1]; left > 0; left--) {
                        in.skipBoolean();
                    }
                    at += 2;
                }
                case Op.BYTES -> {
                    in.skipBytes(program[at + 1], names[program[at + 2]]);
                    at += 3;
                }
                case Op.SIZED -> {
                    in.skip(in.readLength(names[program[at + 1]]));
                    at += 2;
                }
                case Op.INDEX -> {
                    in.readIndex(program[at + 1], names[program[at + 2]]);
                    at += 3;
                }
                case Op.DECIMAL -> {
                    int length = in.readLength(names[program[at + 3]]);
                    in.skip(length);
                    if (length == 0 || length > program[at + 1]) {
                        decimals[program[at + 2]].check(in, length, names[program[at + 3]]);
                    }
                    at += 4;
                }
                case Op.FIXED_DECIMAL -> {
                    in.skipBytes(program[at + 1], names[program[at + 3]]);
                    decimals[program[at + 2]].check(in, program[at + 1], names[program[at + 3]]);
                    at += 4;
                }
                case Op.START -> {
                    starts[program[at + 1]] = in.position();
                    at += 2;
                }
                case Op.STOP -> {
                    ends[program[at + 1]] = in.position();
                    at += 2;
                }
                case Op.ABSENT -> {
                    ends[program[at + 1]] = ABSENT;
                    at += 2;
                }
                case Op.BRANCH -> at = program[at + 3 + in.readIndex(program[at + 1], names[program[at + 2]])];
                case Op.JUMP -> at = program[at + 1];
                case Op.BLOCK -> {
                    long block = block(in);
                    if (block == NO_BLOCK) {
                        at = program[at + 1];
                    } else {
                        push(block, depth++);
                        at += 2;
                    }
                }
                case Op.NEXT -> {
                    long block = stack[depth - 1] - ONE_ITEM;
                    if (items(block) > 0) {
                        stack[depth - 1] = block;
                        at = program[at + 1] + 2;
                    } else {
                        depth--;
                        checkEnd(in, block);
                        at = program[at + 1];
                    }
                }
                case Op.BLOCKS -> {
                    skipBlocks(in, program[at + 1], names[program[at + 2]]);
                    at += 3;
                }
                case Op.CALL -> {
                    push(at + 2, depth++);
                    at = program[at + 1];
                }
                case Op.RETURN -> at = (int) stack[--depth];
                default -> {
                    in.expectEnd();
                    return;
                }
            }
        }
    }

    private void push(long frame, int depth) throws DecodeException {
        if (depth == MAX_DEPTH) {
            throw cursor.malformed("is nested more than " + MAX_DEPTH + " levels deep");
        }
        stack[depth] = frame;
    }

    private static final long NO_BLOCK = 0;
    private static final long ONE_ITEM = 1L << Integer.SIZE;

    /** A block's number of items, and in the lower half the position where it must end, or -1. */
    private static long block(Cursor in) throws DecodeException {
        long count = in.readLong();
        int end = ABSENT;
        if (count < 0) {
            count = -count;
            end = in.readLength("a block") + in.position();
        }
        if (count < 0 || count > MAX_ITEMS) {
            throw in.malformed("declares " + count + " items");
        }
        return count == 0 ? NO_BLOCK : (count << Integer.SIZE) | (end & 0xFFFF_FFFFL);
    }

    private static int items(long block) {
        return (int) (block >>> Integer.SIZE);
    }

    private static void checkEnd(Cursor in, long block) throws DecodeException {
        int end = (int) block;
        if (end != ABSENT && in.position() != end) {
            throw in.malformed("has a block whose size differs from its declared size");
        }
    }

    private static void skipBlocks(Cursor in, int size, String of) throws DecodeException {
        for (long block = block(in); block != NO_BLOCK; block = block(in)) {
            long bytes = (long) items(block) * size;
            if (bytes > in.remaining()) {
                throw in.malformed("ends within " + of);
            }
            in.skip((int) bytes);
            checkEnd(in, block);
        }
    }
}
