package io.tradeenrichment.join;

import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.QueueBounds;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * The trades of each key that wait for a row, or behind one that does: a queue in keyed state, first come, first served,
 * so that trades of one key leave in the order in which they came. Every step touches one place of the queue.
 *
 * <p>State is that of the current key. Its TTL is longer than the wait, and what has expired is still given out once:
 * an outage longer than the TTL must not swallow a trade that nobody has settled.
 */
final class ParkedTrades {
    private static final String SPANS = "parked-span";
    private static final Duration TTL_BEYOND_WAIT = Duration.ofDays(1);

    private final MapState<Long, ParkedTrade> trades;
    private final ValueState<QueueBounds> spans;
    private final WaitingKeys waiting = new WaitingKeys();
    private long looks;

    ParkedTrades(RuntimeContext context, Duration waitTimeout) {
        trades = context.getMapState(trades(waitTimeout));
        spans = context.getState(spans(waitTimeout));
    }

    /** The parked trades of a key, by their places in its queue. */
    static MapStateDescriptor<Long, ParkedTrade> trades(Duration waitTimeout) {
        MapStateDescriptor<Long, ParkedTrade> trades =
                new MapStateDescriptor<>("parked-trades", Types.LONG, ModelTypes.PARKED_TRADE);
        trades.enableTimeToLive(ttl(waitTimeout));
        return trades;
    }

    /** The places that a key's queue takes. */
    static ValueStateDescriptor<QueueBounds> spans(Duration waitTimeout) {
        ValueStateDescriptor<QueueBounds> spans = new ValueStateDescriptor<>(SPANS, ModelTypes.QUEUE_SPAN);
        spans.enableTimeToLive(ttl(waitTimeout));
        return spans;
    }

    private static StateTtlConfig ttl(Duration waitTimeout) {
        return StateTtlConfig.newBuilder(waitTimeout.plus(TTL_BEYOND_WAIT))
                .updateTtlOnCreateAndWrite()
                .returnExpiredIfNotCleanedUp()
                .disableCleanupInBackground()
                .build();
    }

    /** The state that every key with parked trades has, and no other key. */
    static String stateOfWaitingKeys() {
        return SPANS;
    }

    /** Whether trades of the key are parked. */
    boolean isWaiting(Long key) {
        return !waiting.isEmpty() && waiting.contains(key);
    }

    WaitingKeys waiting() {
        return waiting;
    }

    /** How many times a parked trade was looked at, to see whether it can leave. */
    long looks() {
        return looks;
    }

    /**
     * Appends the trade to the current key's queue.
     *
     * @param awaited what it waits for; null if it only waits behind others
     * @param now processing time, milliseconds since 1970
     */
    void park(Long key, Trade trade, @Nullable WaitCondition awaited, long now) throws Exception {
        QueueBounds span = spans.value();
        long head = span == null ? 0 : span.head();
        long next = span == null ? 0 : span.next();
        trades.put(next, new ParkedTrade(trade, now));
        spans.update(new QueueBounds(head, next + 1));
        if (span == null && awaited != null) {
            waiting.put(key, awaited);
        }
    }

    /**
     * Shows the current key's trades to the judge, in order, until one has to stay.
     *
     * @return the trade that is now the first, or null if none is left
     */
    @Nullable ParkedTrade release(Long key, Judge judge) throws Exception {
        QueueBounds span = spans.value();
        if (span == null) {
            waiting.remove(key);
            return null;
        }
        for (long at = span.head(); at < span.next(); at++) {
            ParkedTrade parked = trades.get(at);
            if (parked == null) {
                throw new IllegalStateException("state is damaged: key " + key + " lacks its parked trade " + at);
            }
            looks++;
            WaitCondition awaited = judge.settle(parked);
            if (awaited != null) {
                // Put back: if it was restored after its TTL, the read above was the last.
                trades.put(at, parked);
                spans.update(new QueueBounds(at, span.next()));
                waiting.put(key, awaited);
                return parked;
            }
            trades.remove(at);
        }
        spans.clear();
        waiting.remove(key);
        return null;
    }

    /** Decides what becomes of a parked trade. */
    interface Judge {
        /** Null if the trade has been settled, and leaves; otherwise what it has to wait for. */
        @Nullable WaitCondition settle(ParkedTrade parked) throws Exception;
    }
}
