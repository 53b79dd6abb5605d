package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ids that were refused a short while ago, so that a flood of records with such an id does not become a flood of
 * questions. One that is registered meanwhile is found when the while is over.
 */
final class RecentRefusals {
    static final Duration WHILE = Duration.ofSeconds(30);
    private static final int MOST = 10_000;

    private final Map<Long, Refused> byId = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Refused> eldest) {
            return size() > MOST;
        }
    };

    private record Refused(DecodeException refusal, long at) {}

    /** @param now in the clock of {@link System#nanoTime} */
    void add(long id, DecodeException refusal, long now) {
        byId.put(id, new Refused(refusal, now));
    }

    /** @throws DecodeException what was said of the id, if it was a short while ago */
    void refuse(long id, long now) throws DecodeException {
        Refused refused = byId.get(id);
        if (refused != null) {
            if (now - refused.at < WHILE.toNanos()) {
                throw refused.refusal;
            }
            byId.remove(id);
        }
    }
}
