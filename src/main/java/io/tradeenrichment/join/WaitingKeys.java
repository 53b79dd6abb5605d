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
 * Which keys have parked trades, and what the first trade of each waits for. An index in memory over what stands in keyed
 * state, so that an arriving row finds its keys in one step, however many others wait.
 */
final class WaitingKeys {
    /** Null where it has yet to be found out what the key waits for. */
    private final Map<Long, @Nullable WaitCondition> awaitedByKey = new HashMap<>();

    private final Map<WaitCondition.Row, Set<Long>> keysByRow = new HashMap<>();
    private final NavigableMap<Long, Set<Long>> keysByTime = new TreeMap<>();

    boolean isEmpty() {
        return awaitedByKey.isEmpty();
    }

    int size() {
        return awaitedByKey.size();
    }

    boolean contains(Long key) {
        return awaitedByKey.containsKey(key);
    }

    /** The key has parked trades, as a restored state says; what its first one waits for is still to be seen. */
    void put(Long key) {
        awaitedByKey.put(key, null);
    }

    /** The key has parked trades, and its first one waits for this. */
    void put(Long key, WaitCondition awaited) {
        WaitCondition before = awaitedByKey.put(key, awaited);
        if (!awaited.equals(before)) {
            leave(key, before);
            if (awaited instanceof WaitCondition.Row row) {
                keysByRow.computeIfAbsent(row, r -> new LinkedHashSet<>()).add(key);
            } else if (awaited instanceof WaitCondition.Time time) {
                keysByTime
                        .computeIfAbsent(time.millis(), t -> new LinkedHashSet<>())
                        .add(key);
            }
        }
    }

    void remove(Long key) {
        leave(key, awaitedByKey.remove(key));
    }

    /** The keys whose first trade waits for this row, in the order in which they began to; they are still waiting. */
    Set<Long> waitingFor(Dimension dimension, long id) {
        Set<Long> keys = keysByRow.get(new WaitCondition.Row(dimension, id));
        return keys == null ? Set.of() : new LinkedHashSet<>(keys);
    }

    /** The keys whose first trade waits until the dimensions have been read this far; they are still waiting. */
    Set<Long> waitingUntil(long millis) {
        if (keysByTime.isEmpty() || keysByTime.firstKey() > millis) {
            return Set.of();
        }
        Set<Long> keys = new LinkedHashSet<>();
        keysByTime.headMap(millis, true).values().forEach(keys::addAll);
        return keys;
    }

    private void leave(Long key, @Nullable WaitCondition awaited) {
        if (awaited instanceof WaitCondition.Row row) {
            leave(key, keysByRow, row);
        } else if (awaited instanceof WaitCondition.Time time) {
            leave(key, keysByTime, time.millis());
        }
    }

    private static <T> void leave(Long key, Map<T, Set<Long>> index, T awaited) {
        Set<Long> keys = index.get(awaited);
        if (keys != null) {
            keys.remove(key);
            if (keys.isEmpty()) {
                index.remove(awaited);
            }
        }
    }
}
