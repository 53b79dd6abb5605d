package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ids whose lookup has failed within the last 30 seconds, so that many records with such an id cause one request. An id
 * that is registered meanwhile is found after that time.
 */
final class NegativeCache {
    static final Duration TTL = Duration.ofSeconds(30);
    private static final int MAX_ENTRIES = 10_000;

    private final Map<Long, Entry> byId = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Entry> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    private record Entry(DecodeException failure, long addedAt) {}

    /** @param now from {@link System#nanoTime} */
    void add(long id, DecodeException failure, long now) {
        byId.put(id, new Entry(failure, now));
    }

    /** @throws DecodeException the failure of this id, if it has not expired */
    void throwIfPresent(long id, long now) throws DecodeException {
        Entry entry = byId.get(id);
        if (entry != null) {
            if (now - entry.addedAt < TTL.toNanos()) {
                throw entry.failure;
            }
            byId.remove(id);
        }
    }
}
