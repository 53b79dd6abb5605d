package io.tradeenrichment.join;

import io.tradeenrichment.state.IdPage;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;

/** What an operator has and a function does not: any current key, timers for it, and state under a namespace. */
interface OperatorAccess extends KeyContext {
    /** Opens the state of {@link SeenTrades}, with {@link io.tradeenrichment.state.PageId} as its namespace. */
    ValueState<IdPage> idPages(Duration retention) throws Exception;

    /** Opens the state of {@link SeenTradeTexts}, with the text as its namespace. */
    ValueState<Boolean> idTexts(Duration retention) throws Exception;

    /** The keys with an entry in the keyed state of this name; to be closed. */
    Stream<Long> keys(String stateName);

    /**
     * Sets a timer for the current key. Available from {@code open} on.
     *
     * @param time processing time, milliseconds since 1970
     */
    void registerTimer(long time);

    /** Milliseconds since 1970. */
    long currentProcessingTime();
}
