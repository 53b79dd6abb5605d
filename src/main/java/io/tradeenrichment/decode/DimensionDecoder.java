package io.tradeenrichment.decode;

import io.tradeenrichment.codec.Refusal;
import io.tradeenrichment.codec.SchemaLookups;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.model.Rejection;
import io.tradeenrichment.types.ModelTypes;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
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
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        SchemaLookups lookups = new SchemaLookups(wire.writers());
        lookups.show((name, value) -> metrics.gauge(name, (Gauge<Long>) value::getAsLong));
        rows = new RowDecoder(dimension, wire, lookups);
        rejected = metrics.counter("rejected");
    }

    @Override
    public void processElement(Received received, Context context, Collector<DimensionUpdate> out)
            throws InterruptedException {
        try {
            out.collect(rows.decode(received));
        } catch (Refusal refusal) {
            rejected.inc();
            context.output(ModelTypes.REJECTED, new Rejection(received, refusal.reason(), refusal.sentence()));
        }
    }
}
