package io.tradeenrichment.decode;

import io.tradeenrichment.codec.TradeParser;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Decodes a source record into a trade, or into a rejected record on {@link ModelTypes#REJECTED}. Counts every record
 * of the trades feed.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before the first element
public final class TradeDecoder extends ProcessFunction<SourceRecord, Trade> implements CheckpointedFunction {
    private final WireFormat wire;
    private transient TradeParser trades;
    private transient Ledger ledger;

    public TradeDecoder(WireFormat wire) {
        this.wire = wire;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        MeteredSchemas lookups = new MeteredSchemas(wire.writers());
        lookups.register((name, value) -> metrics.gauge(name, (Gauge<Long>) value::getAsLong));
        trades = new TradeParser(wire, lookups);
        ledger = new Ledger(context.getOperatorStateStore(), Account.TRADES_IN, Account.DEAD_LETTERED);
        ledger.register(getRuntimeContext());
        metrics.gauge("resolved", (Gauge<Long>) trades::resolved);
    }

    @Override
    public void processElement(SourceRecord record, Context context, Collector<Trade> out) throws InterruptedException {
        ledger.enter(Account.TRADES_IN);
        try {
            out.collect(trades.parse(record));
        } catch (DecodeException e) {
            ledger.enter(Account.DEAD_LETTERED);
            context.output(ModelTypes.REJECTED, new RejectedRecord(record, e.reason(), e.sentence()));
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.snapshot();
    }
}
