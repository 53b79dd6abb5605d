package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys have parked trades, and for which row the first trade of each waits. An index in memory over what stands
 * in keyed state, so that an arriving row finds its keys in one step, however many others wait.
 */
final class WaitingKeys {
    /** Null where it has yet to be found out which row the key waits for. */
    private final Map<Long, @Nullable Row> rowByKey = new HashMap<>();

    private final Map<Row, Set<Long>> keysByRow = new HashMap<>();

    boolean isEmpty() {
        return rowByKey.isEmpty();
    }

    int size() {
        return rowByKey.size();
    }

    boolean contains(Long key) {
        return rowByKey.containsKey(key);
    }

    /** The key has parked trades, as a restored state says; what its first one waits for is still to be seen. */
    void put(Long key) {
        rowByKey.put(key, null);
    }

    /** The key has parked trades, and its first one waits for this row. */
    void put(Long key, Row row) {
        Row before = rowByKey.put(key, row);
        if (!row.equals(before)) {
            leave(key, before);
            keysByRow.computeIfAbsent(row, r -> new LinkedHashSet<>()).add(key);
        }
    }

    void remove(Long key) {
        leave(key, rowByKey.remove(key));
    }

    /** The keys whose first trade waits for this row, in the order in which they began to; they are still waiting. */
    Set<Long> waitingFor(Dimension dimension, long id) {
        Set<Long> keys = keysByRow.get(new Row(dimension, id));
        return keys == null ? Set.of() : new LinkedHashSet<>(keys);
    }

    private void leave(Long key, @Nullable Row row) {
        Set<Long> keys = row == null ? null : keysByRow.get(row);
        if (row != null && keys != null) {
            keys.remove(key);
            if (keys.isEmpty()) {
                keysByRow.remove(row);
            }
        }
    }

    /** What a parked trade waits for. */
    record Row(Dimension dimension, long id) {}
}
