package io.tradeenrichment.join;

import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.QueueBounds;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * The parked trades of each key: a queue in keyed state, so that trades of one key leave in their order of arrival.
 * Each operation accesses one entry of the queue.
 *
 * <p>State is that of the current key. Its TTL is longer than the wait, and an expired entry can still be read once: an
 * outage longer than the TTL must not lose a trade.
 */
final class ParkedTrades {
    private static final String BOUNDS = "parked-span";
    private static final Duration TTL_BEYOND_WAIT = Duration.ofDays(1);

    private final MapState<Long, ParkedTrade> trades;
    private final ValueState<QueueBounds> bounds;
    private final WaitingKeys waiting = new WaitingKeys();
    private long evaluations;

    ParkedTrades(KeyedStateStore store, Duration waitTimeout) {
        trades = store.getMapState(trades(waitTimeout));
        bounds = store.getState(bounds(waitTimeout));
    }

    /** The parked trades of a key, by their position in its queue. */
    static MapStateDescriptor<Long, ParkedTrade> trades(Duration waitTimeout) {
        MapStateDescriptor<Long, ParkedTrade> trades =
                new MapStateDescriptor<>("parked-trades", Types.LONG, ModelTypes.PARKED_TRADE);
        trades.enableTimeToLive(ttl(waitTimeout));
        return trades;
    }

    /** The bounds of a key's queue. */
    static ValueStateDescriptor<QueueBounds> bounds(Duration waitTimeout) {
        ValueStateDescriptor<QueueBounds> bounds = new ValueStateDescriptor<>(BOUNDS, ModelTypes.QUEUE_BOUNDS);
        bounds.enableTimeToLive(ttl(waitTimeout));
        return bounds;
    }

    private static StateTtlConfig ttl(Duration waitTimeout) {
        return StateTtlConfig.newBuilder(waitTimeout.plus(TTL_BEYOND_WAIT))
                .updateTtlOnCreateAndWrite()
                .returnExpiredIfNotCleanedUp()
                .disableCleanupInBackground()
                .build();
    }

    /** The name of the state that exactly the keys with parked trades have. */
    static String stateOfWaitingKeys() {
        return BOUNDS;
    }

    /** Whether the key has parked trades. */
    boolean isWaiting(Long key) {
        return !waiting.isEmpty() && waiting.contains(key);
    }

    WaitingKeys waiting() {
        return waiting;
    }

    /** How many times a parked trade was re-evaluated. */
    long evaluations() {
        return evaluations;
    }

    /**
     * Appends a trade to the queue of the current key.
     *
     * @param condition what the trade waits for; null if it only waits behind others
     * @param now the time of {@link ReadClock#waitTime}
     */
    void park(Long key, Trade trade, @Nullable WaitCondition condition, long now) throws Exception {
        QueueBounds queue = bounds.value();
        long head = queue == null ? 0 : queue.head();
        long next = queue == null ? 0 : queue.next();
        trades.put(next, new ParkedTrade(trade, now));
        bounds.update(new QueueBounds(head, next + 1));
        if (queue == null && condition != null) {
            waiting.put(key, condition);
        }
    }

    /**
     * Re-evaluates the trades of the current key, in order, until one must stay.
     *
     * @return the first trade of the remaining queue; null if none remains
     */
    @Nullable ParkedTrade release(Long key, Evaluation evaluation) throws Exception {
        QueueBounds queue = bounds.value();
        if (queue == null) {
            waiting.remove(key);
            return null;
        }
        for (long at = queue.head(); at < queue.next(); at++) {
            ParkedTrade parked = require(key, at);
            evaluations++;
            WaitCondition condition = evaluation.evaluate(parked);
            if (condition != null) {
                // Written back: if it was restored after its TTL, it could be read only once.
                trades.put(at, parked);
                bounds.update(new QueueBounds(at, queue.next()));
                waiting.put(key, condition);
                return parked;
            }
            trades.remove(at);
        }
        bounds.clear();
        waiting.remove(key);
        return null;
    }

    private ParkedTrade require(Long key, long at) throws Exception {
        ParkedTrade parked = trades.get(at);
        if (parked == null) {
            throw new IllegalStateException("state is corrupt: key " + key + " lacks its parked trade " + at);
        }
        return parked;
    }

    /** Replaces each trade of the current key, in order. */
    void replaceAll(Long key, Replacement replacement) throws Exception {
        QueueBounds queue = bounds.value();
        if (queue == null) {
            return;
        }
        long next = queue.head();
        for (long at = queue.head(); at < queue.next(); at++) {
            ParkedTrade replaced = replacement.of(require(key, at));
            if (replaced != null) {
                trades.put(next++, replaced);
            }
        }
        for (long at = next; at < queue.next(); at++) {
            trades.remove(at);
        }
        bounds.update(next == queue.head() ? null : new QueueBounds(queue.head(), next));
    }

    /** Gives the replacement of a parked trade. */
    interface Replacement {
        /** Null if the trade leaves the queue. */
        @Nullable ParkedTrade of(ParkedTrade parked) throws Exception;
    }

    /** Decides whether a parked trade stays. */
    interface Evaluation {
        /** Returns what the trade waits for; null if it has been completed and leaves. */
        @Nullable WaitCondition evaluate(ParkedTrade parked) throws Exception;
    }
}
