package io.tradeenrichment;

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
 *                         +--> to all ------+     (from every stage: rejected records --> rejected)
 * users -------> decode --+
 * </pre>
 */
public final class Topology {
    /** Raise it to make every restored job load the snapshot again. The uids of the dimension sources end with it. */
    public static final int GENERATION = 1;

    private Topology() {}

    /**
     * @param snapshot the records of the dimension topics at the first start
     * @param endOffsets how far the dimensions can be read
     */
    public record Inputs(
            DataStream<SourceRecord> trades,
            DataStream<SourceRecord> instruments,
            DataStream<SourceRecord> users,
            SnapshotRecords snapshot,
            EndOffsets endOffsets) {}

    public record Outputs(DataStream<EnrichedTrade> enriched, DataStream<RejectedRecord> rejected) {}

    /** @param prefix the bytes before the datum of each enriched trade */
    public static Outputs build(Inputs in, JobConfig config, WireFormat wire, byte[] prefix) {
        SingleOutputStreamOperator<Trade> trades =
                Operator.DECODE_TRADES.tag(in.trades().process(new TradeDecoder(wire), ModelTypes.TRADE));
        SingleOutputStreamOperator<DimensionEvent> instruments =
                Operator.DECODE_INSTRUMENTS.tag(events(in.instruments(), Dimension.INSTRUMENT, wire, in.endOffsets()));
        SingleOutputStreamOperator<DimensionEvent> users =
                Operator.DECODE_USERS.tag(events(in.users(), Dimension.USER, wire, in.endOffsets()));

        SingleOutputStreamOperator<EnrichedTrade> enriched = Operator.TRADE_JOIN.tag(TradeJoinOperator.join(
                trades.keyBy(TradeJoinOperator.key(config.join().keyBy()), Types.LONG),
                instruments.union(users),
                new TradeJoin(config, new SnapshotDecoder(in.snapshot(), wire), GENERATION, prefix)));

        DataStream<RejectedRecord> rejected = trades.getSideOutput(ModelTypes.REJECTED)
                .union(
                        instruments.getSideOutput(ModelTypes.REJECTED),
                        users.getSideOutput(ModelTypes.REJECTED),
                        enriched.getSideOutput(ModelTypes.REJECTED));
        return new Outputs(enriched, rejected);
    }

    /** Parallelism 1: the updates of a dimension reach every subtask in the order of their partition. */
    private static SingleOutputStreamOperator<DimensionEvent> events(
            DataStream<SourceRecord> feed, Dimension dimension, WireFormat wire, EndOffsets endOffsets) {
        return feed.transform(
                        "decode",
                        ModelTypes.DIMENSION_EVENT,
                        new DimensionDecoder(dimension, wire, GENERATION, endOffsets))
                .setParallelism(1);
    }
}
