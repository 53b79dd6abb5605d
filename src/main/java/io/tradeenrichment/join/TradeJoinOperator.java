package io.tradeenrichment.join;

import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.IdPage;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.StateInitializationContext;
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
 * Runs {@link TradeJoin} as Flink runs every KeyedBroadcastProcessFunction, and lets an arriving row set exactly the
 * keys that wait for it.
 *
 * <p>Flink's own access from the broadcast side to keyed state, {@code applyToKeyedState}, visits every key for every
 * row: 100,000 parked trades and 100,000 rows are 10,000,000,000 visits. An operator can set its current key; a
 * function cannot. An operator can also keep state under a namespace, as {@link SeenTrades} does with its pages
 * and {@link SeenTradeTexts} with its texts.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before the first element
public final class TradeJoinOperator extends CoBroadcastWithKeyedOperator<Long, Trade, DimensionEvent, EnrichedTrade>
        implements OperatorAccess, BoundedMultiInput {

    private transient InternalTimerService<VoidNamespace> timers;

    public TradeJoinOperator(TradeJoin join) {
        super(join, JoinStateDescriptors.broadcast(join.dimensions()));
    }

    /**
     * The key of a trade. Ids that share a key also share their order, which is harmless. A trade without these ids has
     * its own id as its key, so that such trades are spread over all subtasks.
     */
    public static KeySelector<Trade, Long> key(KeyBy keyBy) {
        List<Integer> dimensions = keyBy.dimensions();
        if (dimensions.isEmpty()) {
            return Trade::tradeId;
        }
        int first = dimensions.get(0);
        if (dimensions.size() == 1) {
            return trade -> trade.has(first) ? trade.id(first) : trade.tradeId();
        }
        int[] others = dimensions.stream().skip(1).mapToInt(Integer::intValue).toArray();
        return trade -> {
            boolean hasAny = trade.has(first);
            long key = trade.id(first);
            for (int other : others) {
                hasAny |= trade.has(other);
                key = mixed(key, trade.id(other));
            }
            return hasAny ? key : trade.tradeId();
        };
    }

    /** The finalizer of SplitMix64 over both ids, so that pairs of small ids spread over all key groups. */
    private static long mixed(long one, long other) {
        long z = one * 0x9E3779B97F4A7C15L + other;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Connects the trades with the dimension events, which are broadcast to every subtask. */
    public static SingleOutputStreamOperator<EnrichedTrade> join(
            KeyedStream<Trade, Long> trades, DataStream<DimensionEvent> events, TradeJoin join) {
        var joined = trades.connect(events.broadcast())
                .transform("trade-join", ModelTypes.ENRICHED_TRADE, new TradeJoinOperator(join));
        // As BroadcastConnectedStream.process does for Flink's own operator: only the first input is keyed.
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
    public void initializeState(StateInitializationContext context) throws Exception {
        join().bind(this);
        super.initializeState(context);
    }

    @Override
    public void open() throws Exception {
        // Before the function is opened, which sets timers.
        timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
        super.open();
    }

    @Override
    public ValueState<IdPage> idPages(Duration retention) throws Exception {
        return getOrCreateKeyedState(ModelTypes.PAGE_ID, SeenTrades.descriptor(retention));
    }

    @Override
    public ValueState<Boolean> idTexts(Duration retention) throws Exception {
        return getOrCreateKeyedState(SeenTradeTexts.TEXT, SeenTradeTexts.descriptor(retention));
    }

    @Override
    public Stream<Long> keys(String stateName) {
        return this.<Long>getKeyedStateBackend().getKeys(stateName, VoidNamespace.INSTANCE);
    }

    @Override
    public void registerTimer(long time) {
        timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time);
    }

    @Override
    public long currentProcessingTime() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    /** The second input is the dimensions. Its only watermark is the last one, at its end. */
    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp()) {
            join().endDimensions(currentProcessingTime(), outputs());
        }
        super.processWatermark2(mark);
    }

    @Override
    public void endInput(int input) {
        join().endInput(outputs());
    }

    private TradeJoin join() {
        return (TradeJoin) userFunction;
    }

    private JoinOutputs outputs() {
        return new JoinOutputs(
                new TimestampedCollector<>(output),
                rejected -> output.collect(ModelTypes.REJECTED, new StreamRecord<>(rejected)));
    }
}
