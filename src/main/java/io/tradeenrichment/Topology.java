package io.tradeenrichment;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.decode.DimensionDecoder;
import io.tradeenrichment.decode.SnapshotDecoder;
import io.tradeenrichment.decode.TradeDecoder;
import io.tradeenrichment.join.TradeJoin;
import io.tradeenrichment.join.TradeJoinOperator;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The picture of the job. Takes streams and returns streams; the connectors are not known here.
 *
 * <pre>
 * trades ------> decode --> by key ---------+
 *                                           +--> join --> enriched
 * instruments -> decode --+                 |
 * users -------> decode --+--> to all ------+     (from every stage: rejected records --> rejected)
 * ...          > decode --+
 * </pre>
 */
public final class Topology {
    /** Raise it to make every restored job load the snapshot again. The uids of the dimension sources end with it. */
    public static final int GENERATION = 1;

    private Topology() {}

    /**
     * @param dimensions the records of each dimension, in the order of the settings
     * @param snapshot the records of the dimension topics at the first start
     * @param endOffsets how far the dimensions can be read
     */
    public record Inputs(
            DataStream<SourceRecord> trades,
            Map<Dimension, DataStream<SourceRecord>> dimensions,
            SnapshotRecords snapshot,
            EndOffsets endOffsets) {}

    public record Outputs(DataStream<EnrichedTrade> enriched, DataStream<RejectedRecord> rejected) {}

    /** @param layout of the enriched trades */
    public static Outputs build(Inputs in, JobConfig config, WireFormat wire, EnrichedLayout layout) {
        SingleOutputStreamOperator<Trade> trades =
                Operator.DECODE_TRADES.tag(in.trades().process(new TradeDecoder(wire), ModelTypes.TRADE));
        DataStream<RejectedRecord> rejected = trades.getSideOutput(ModelTypes.REJECTED);

        DataStream<DimensionEvent> events = null;
        for (Map.Entry<Dimension, DataStream<SourceRecord>> dimension :
                in.dimensions().entrySet()) {
            var decoded = decode(dimension.getKey(), dimension.getValue(), wire, in.endOffsets());
            rejected = rejected.union(decoded.getSideOutput(ModelTypes.REJECTED));
            events = events == null ? decoded : events.union(decoded);
        }

        SingleOutputStreamOperator<EnrichedTrade> enriched = Operator.join(config.dimensionList())
                .tag(TradeJoinOperator.join(
                        trades.keyBy(TradeJoinOperator.key(config.join().keyBy()), Types.LONG),
                        Objects.requireNonNull(events, "a job has at least one dimension"),
                        new TradeJoin(config, new SnapshotDecoder(in.snapshot(), wire), GENERATION, layout, wire)));
        return new Outputs(enriched, rejected.union(enriched.getSideOutput(ModelTypes.REJECTED)));
    }

    /** Parallelism 1: the updates of a dimension reach every subtask in the order of their partition. */
    private static SingleOutputStreamOperator<DimensionEvent> decode(
            Dimension dimension, DataStream<SourceRecord> records, WireFormat wire, EndOffsets endOffsets) {
        return Operator.decoder(dimension)
                .tag(records.transform(
                                "decode",
                                ModelTypes.DIMENSION_EVENT,
                                new DimensionDecoder(dimension, wire, GENERATION, endOffsets))
                        .setParallelism(1));
    }
}
