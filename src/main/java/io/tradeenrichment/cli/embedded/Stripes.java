package io.tradeenrichment.cli.embedded;

import java.io.Serializable;

/**
 * Deals a sequence out to subtasks like cards. Flink's generator gives each subtask a range of its own; without this, the
 * first subtask would send the morning's trades while the second sends the afternoon's, and no key would see its ids in
 * order, as it does from a topic.
 *
 * @param count how many there are
 * @param subtasks among which Flink splits the indexes evenly, the first ones taking what is left over
 */
record Stripes(long count, int subtasks) implements Serializable {

    /** Which of the sequence an index stands for: a bijection of 0 to {@code count - 1}. */
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
