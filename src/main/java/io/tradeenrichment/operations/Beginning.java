package io.tradeenrichment.operations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a version is started with.
 *
 * @param state a savepoint or checkpoint; null to begin empty
 * @param leavesStateBehind whether state that no operator of the version has a use for may be given up
 * @param totals that stand in the state, as far as they are known
 */
record Beginning(@Nullable String state, boolean leavesStateBehind, Map<String, Long> totals) {

    static Beginning with(@Nullable String state) {
        return new Beginning(state, false, Map.of());
    }

    /** For people, to stand behind "its state is". */
    @Override
    public String toString() {
        return state == null ? "empty: it had completed nothing" : "in " + state;
    }
}
