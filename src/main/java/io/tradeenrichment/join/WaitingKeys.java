package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys with parked trades, and what the first trade of each waits for. An index in memory over keyed state: an
 * arriving row finds its keys in one step, however many others wait.
 */
final class WaitingKeys {
    /** Null for a restored key whose first trade has not been re-evaluated yet. */
    private final Map<Long, @Nullable WaitCondition> conditionByKey = new HashMap<>();

    private final Map<WaitCondition.Row, Set<Long>> keysByRow = new HashMap<>();
    private final NavigableMap<Long, Set<Long>> keysByTime = new TreeMap<>();

    boolean isEmpty() {
        return conditionByKey.isEmpty();
    }

    int size() {
        return conditionByKey.size();
    }

    boolean contains(Long key) {
        return conditionByKey.containsKey(key);
    }

    /** Adds a restored key. What its first trade waits for is not known yet. */
    void put(Long key) {
        conditionByKey.put(key, null);
    }

    /** Adds a key, or replaces what its first trade waits for. */
    void put(Long key, WaitCondition condition) {
        WaitCondition before = conditionByKey.put(key, condition);
        if (!condition.equals(before)) {
            unindex(key, before);
            if (condition instanceof WaitCondition.Row row) {
                keysByRow.computeIfAbsent(row, r -> new LinkedHashSet<>()).add(key);
            } else if (condition instanceof WaitCondition.Time time) {
                keysByTime
                        .computeIfAbsent(time.millis(), t -> new LinkedHashSet<>())
                        .add(key);
            }
        }
    }

    void remove(Long key) {
        unindex(key, conditionByKey.remove(key));
    }

    /**
     * The keys whose first trade waits for this row, in the order in which they were added. A copy; they stay in the
     * index.
     */
    Set<Long> waitingFor(Dimension dimension, long id, byte @Nullable [] text) {
        if (keysByRow.isEmpty()) {
            return Set.of();
        }
        Set<Long> keys = keysByRow.get(WaitCondition.Row.of(dimension, id, text));
        return keys == null ? Set.of() : new LinkedHashSet<>(keys);
    }

    /**
     * The keys whose first trade waits until the dimensions have been read this far. A copy; they stay in the index.
     */
    Set<Long> waitingUntil(long millis) {
        if (keysByTime.isEmpty() || keysByTime.firstKey() > millis) {
            return Set.of();
        }
        Set<Long> keys = new LinkedHashSet<>();
        keysByTime.headMap(millis, true).values().forEach(keys::addAll);
        return keys;
    }

    private void unindex(Long key, @Nullable WaitCondition condition) {
        if (condition instanceof WaitCondition.Row row) {
            unindex(key, keysByRow, row);
        } else if (condition instanceof WaitCondition.Time time) {
            unindex(key, keysByTime, time.millis());
        }
    }

    private static <T> void unindex(Long key, Map<T, Set<Long>> index, T condition) {
        Set<Long> keys = index.get(condition);
        if (keys != null) {
            keys.remove(key);
            if (keys.isEmpty()) {
                index.remove(condition);
            }
        }
    }
}
