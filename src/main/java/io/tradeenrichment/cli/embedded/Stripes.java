package io.tradeenrichment.cli.embedded;

import java.io.Serializable;

/**
 * Deals a sequence out to subtasks one by one. Flink's generator gives each subtask a contiguous range; the second subtask
 * would then send afternoon trades while the first sends morning ones, and no key would see its ids in order.
 *
 * @param count the length of the sequence
 * @param subtasks among which Flink splits the indexes evenly; the first ones take the remainder
 */
record Stripes(long count, int subtasks) implements Serializable {

    /** The place in the sequence of an index: a bijection of 0 to {@code count - 1}. */
    long at(long index) {
        long each = count / subtasks;
        long longer = count % subtasks;
        long inLonger = longer * (each + 1);
        if (index < inLonger) {
            return index % (each + 1) * subtasks + index / (each + 1);
        }
        long rest = index - inLonger;
        return rest % each * subtasks + longer + rest / each;
    }
}
