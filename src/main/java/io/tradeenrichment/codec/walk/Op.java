package io.tradeenrichment.codec.walk;

/** The instructions of a program. Each is followed by its operands. */
final class Op {
    /** Notes a number: slot. */
    static final int LONG = 0;

    /** Skips numbers: how many. */
    static final int LONGS = 1;

    /** Notes a number of 32 bits: slot. */
    static final int INT = 2;

    /** Skips numbers of 32 bits: how many. */
    static final int INTS = 3;

    /** Notes an index: slot, its bound, name. */
    static final int SYMBOL = 4;

    /** Skips an index: its bound, name. */
    static final int INDEX = 5;

    /** Skips bytes after their length: name. */
    static final int SIZED = 6;

    /** Skips a decimal in bytes after their length: the length up to which it is not checked, decimal, name. */
    static final int DECIMAL = 7;

    /** Skips a decimal in a fixed: its size, decimal, name. */
    static final int FIXED_DECIMAL = 8;

    /** Skips bytes: how many, name. */
    static final int BYTES = 9;

    /** Skips booleans: how many. */
    static final int BOOLEANS = 10;

    /** Notes where a value starts: slot. */
    static final int START = 11;

    /** Notes where a value ends: slot. */
    static final int STOP = 12;

    /** Notes that there is no value: slot. */
    static final int ABSENT = 13;

    /** Reads an index and continues at the address for it: the number of addresses, name, addresses. */
    static final int BRANCH = 14;

    /** Continues elsewhere: address. */
    static final int JUMP = 15;

    /** Reads the head of a block; continues with its first item, or elsewhere if there is no block: address. */
    static final int BLOCK = 16;

    /** Continues with the next item, or with the next block: address of the {@link #BLOCK}. */
    static final int NEXT = 17;

    /** Skips blocks of items that have the same size: size, name. */
    static final int BLOCKS = 18;

    /** Continues elsewhere until {@link #RETURN}: address. */
    static final int CALL = 19;

    /** Continues after the {@link #CALL}. */
    static final int RETURN = 20;

    /** The datum must end here. */
    static final int END = 21;

    private Op() {}
}
