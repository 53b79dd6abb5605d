package io.tradeenrichment.join;

import io.tradeenrichment.Samples;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.apache.flink.util.Collector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Parks {@code n} trades of {@code n} keys, each for another user, then applies the {@code n} users: with the join, and
 * with Flink's {@code applyToKeyedState}, which visits every key for every row. One subtask, heap backend. Prints how
 * often parked trades were evaluated.
 *
 * <p>The join also maintains totals, timers and seen ids, which the other does not: compare the growth, not the time of
 * one trade.
 *
 * <pre>mvn -q -Pjmh test-compile exec:exec -Djmh.args="ReleaseBenchmark"</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReleaseBenchmark {

    @Benchmark
    public long join(Join state) throws Exception {
        for (Trade trade : state.trades) {
            state.join.trade(trade);
        }
        for (DimensionUpdate user : state.users) {
            state.join.update(user);
        }
        return state.join.evaluations();
    }

    @Benchmark
    public long applyToKeyedState(Stock state) throws Exception {
        for (Trade trade : state.trades) {
            state.join.processElement(new StreamRecord<>(trade));
        }
        for (DimensionUpdate user : state.users) {
            state.join.processBroadcastElement(new StreamRecord<>(user));
        }
        return state.function.evaluations;
    }

    /** The trades and their users, created once. */
    @State(Scope.Thread)
    public abstract static class Feeds {
        final List<Trade> trades = new ArrayList<>();
        final List<DimensionUpdate> users = new ArrayList<>();

        void make(int n) {
            for (int i = 0; i < n; i++) {
                trades.add(Samples.trade(i, i, i));
                users.add(Samples.user(i, 1, "u" + i));
            }
        }

        static void print(String name, int n, long evaluations) {
            System.out.printf(
                    "%n%s: n = %,d, evaluations = %,d, per trade = %.2f%n",
                    name, n, evaluations, (double) evaluations / n);
        }
    }

    /** The join, with all instruments present. */
    public static class Join extends Feeds {
        @Param({"1000", "10000", "100000"})
        public int n;

        private JoinHarness join;
        private long evaluations;

        @Setup
        public void makeFeeds() {
            make(n);
        }

        @Setup(Level.Invocation)
        public void open() throws Exception {
            join = JoinHarness.open(JoinHarness.WAITING);
            for (int i = 0; i < n; i++) {
                join.stock(i, 1, "SPY");
            }
        }

        @TearDown(Level.Invocation)
        public void close() throws Exception {
            if (join.trades(Account.ENRICHED) != n || join.trades(Account.PARKED) != 0) {
                throw new IllegalStateException("not every trade was released");
            }
            evaluations = join.evaluations();
            join.close();
        }

        @TearDown
        public void print() {
            print("join", n, evaluations);
        }
    }

    /** A KeyedBroadcastProcessFunction in Flink's own operator. */
    public static class Stock extends Feeds {
        @Param({"1000", "10000"})
        public int n;

        private KeyedBroadcastOperatorTestHarness<Long, Trade, DimensionEvent, Trade> join;
        private VisitsEveryKey function;

        @Setup
        public void makeFeeds() {
            make(n);
        }

        @Setup(Level.Invocation)
        public void open() throws Exception {
            function = new VisitsEveryKey();
            join = ProcessFunctionTestHarnesses.forKeyedBroadcastProcessFunction(
                    function,
                    trade -> trade.id(0),
                    Types.LONG,
                    new MapStateDescriptor<>("users", Types.LONG, ModelTypes.DIMENSION_EVENT));
        }

        @TearDown(Level.Invocation)
        public void close() throws Exception {
            if (function.released != n) {
                throw new IllegalStateException("not every trade was released");
            }
            join.close();
        }

        @TearDown
        public void print() {
            print("applyToKeyedState", n, function.evaluations);
        }
    }

    private static final class VisitsEveryKey
            extends KeyedBroadcastProcessFunction<Long, Trade, DimensionEvent, Trade> {
        private static final ValueStateDescriptor<Trade> PARKED =
                new ValueStateDescriptor<>("parked", ModelTypes.TRADE);
        private long evaluations;
        private long released;

        @Override
        public void processElement(Trade trade, ReadOnlyContext context, Collector<Trade> out) throws Exception {
            getRuntimeContext().getState(PARKED).update(trade);
        }

        @Override
        public void processBroadcastElement(DimensionEvent event, Context context, Collector<Trade> out)
                throws Exception {
            DimensionUpdate user = (DimensionUpdate) event;
            context.applyToKeyedState(PARKED, (key, parked) -> {
                evaluations++;
                Trade trade = parked.value();
                if (trade.id(1) == user.id()) {
                    released++;
                    parked.clear();
                }
            });
        }
    }
}
