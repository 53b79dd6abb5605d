package io.tradeenrichment.decode;

import io.tradeenrichment.codec.Refusal;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.model.Rejection;
import io.tradeenrichment.types.ModelTypes;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** A dimension's live records become updates of its rows, or rejections on {@link ModelTypes#REJECTED}. */
public final class DimensionDecoder extends ProcessFunction<Received, DimensionUpdate> {
    private final Dimension dimension;
    private final WireFormat wire;
    private transient RowDecoder rows;
    private transient Counter rejected;

    public DimensionDecoder(Dimension dimension, WireFormat wire) {
        this.dimension = dimension;
        this.wire = wire;
    }

    @Override
    public void open(OpenContext context) {
        rows = new RowDecoder(dimension, wire);
        rejected = getRuntimeContext().getMetricGroup().counter("rejected");
    }

    @Override
    public void processElement(Received received, Context context, Collector<DimensionUpdate> out) {
        try {
            out.collect(rows.decode(received));
        } catch (Refusal refusal) {
            rejected.inc();
            context.output(ModelTypes.REJECTED, new Rejection(received, refusal.reason(), refusal.sentence()));
        }
    }
}
