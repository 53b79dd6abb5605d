package io.tradeenrichment.join;

import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs {@link TradeJoin} as Flink runs every KeyedBroadcastProcessFunction, and lets an arriving row step into exactly
 * the keys that wait for it.
 *
 * <p>Flink's own door from the broadcast side to keyed state, {@code applyToKeyedState}, visits every key at every row:
 * 100,000 parked trades and 100,000 rows are 10,000,000,000 visits. An operator may set its current key; a function may
 * not. It may also keep state under a namespace, where {@link SeenTrades} has its pages.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before the first element
public final class TradeJoinOperator extends CoBroadcastWithKeyedOperator<Long, Trade, DimensionEvent, EnrichedTrade>
        implements BoundedMultiInput {

    private transient InternalTimerService<VoidNamespace> timers;

    public TradeJoinOperator(TradeJoin join) {
        super(join, JoinStateDescriptors.BROADCAST);
    }

    /** The key of a trade. Pairs that share one keep their order together, which harms nothing. */
    public static KeySelector<Trade, Long> key(KeyBy keyBy) {
        return switch (keyBy) {
            case INSTRUMENT_ID -> Trade::instrumentId;
            case TRADE_ID -> Trade::tradeId;
            case INSTRUMENT_AND_USER -> trade -> mixed(trade.instrumentId(), trade.userId());
        };
    }

    /** The finalizer of SplitMix64 over both, so that pairs of small numbers spread over all of them. */
    private static long mixed(long one, long other) {
        long z = one * 0x9E3779B97F4A7C15L + other;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Connects trades with the updates, which go to every subtask. */
    public static SingleOutputStreamOperator<EnrichedTrade> join(
            KeyedStream<Trade, Long> trades, DataStream<DimensionEvent> updates, TradeJoin join) {
        var joined = trades.connect(updates.broadcast())
                .transform("trade-join", ModelTypes.ENRICHED_TRADE, new TradeJoinOperator(join));
        // What BroadcastConnectedStream.process does for the stock operator: only the first input has a key.
        var transformation = (TwoInputTransformation<?, ?, ?>) joined.getTransformation();
        keyByFirst(transformation, trades);
        return joined;
    }

    @SuppressWarnings("unchecked")
    private static void keyByFirst(TwoInputTransformation<?, ?, ?> transformation, KeyedStream<Trade, Long> trades) {
        ((TwoInputTransformation<Trade, ?, ?>) transformation).setStateKeySelectors(trades.getKeySelector(), null);
        transformation.setStateKeyType(trades.getKeyType());
    }

    @Override
    public void open() throws Exception {
        TradeJoin join = (TradeJoin) userFunction;
        join.runWith(
                this,
                time -> timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time),
                getProcessingTimeService().getCurrentProcessingTime());
        Duration retention = join.dedupRetention();
        if (!retention.isZero()) {
            var pages = getOrCreateKeyedState(ModelTypes.PAGE_NAME, SeenTrades.descriptor(retention));
            join.remember(new SeenTrades(new IdPageCache(pages, this, IdPageCache.MOST_HELD), retention));
        }
        super.open();
        timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
        // What waits is known from state. A timer that is due at once looks at each queue again: its rows may have come
        // with a reload, and the timer of its wait is set anew.
        try (Stream<Long> waiting =
                this.<Long>getKeyedStateBackend().getKeys(ParkedTrades.stateOfWaitingKeys(), VoidNamespace.INSTANCE)) {
            waiting.forEach(key -> {
                setCurrentKey(key);
                join.restoreWaiting(key);
                timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, timers.currentProcessingTime());
            });
        }
    }

    /** The second input is that of the dimensions. Its only watermark is the last one, which says that it has ended. */
    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp()) {
            JoinOutputs exits = new JoinOutputs(
                    new TimestampedCollector<>(output),
                    rejection -> output.collect(ModelTypes.REJECTED, new StreamRecord<>(rejection)));
            ((TradeJoin) userFunction).endDimensions(timers.currentProcessingTime(), exits);
        }
        super.processWatermark2(mark);
    }

    /** The last chance to send what was found while loading: a subtask may end without ever having had an element. */
    @Override
    public void endInput(int input) {
        ((TradeJoin) userFunction)
                .sendUnsent(rejection -> output.collect(ModelTypes.REJECTED, new StreamRecord<>(rejection)));
    }
}
