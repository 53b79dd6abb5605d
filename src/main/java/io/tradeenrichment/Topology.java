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
 * The job's picture: takes streams, returns streams, and knows nothing of where they come from or go to.
 *
 * <pre>
 * trades ------> decode --> by key ---------+
 *                                           +--> join --> enriched
 * instruments -> decode --+                 |
 *                         +--> to all ------+     (and from every stage, what it refuses --> rejected)
 * users -------> decode --+
 * </pre>
 */
public final class Topology {
    /** Raised when every running job must load the standing rows anew; the live feeds' uids go by it too. */
    public static final int GENERATION = 1;

    private Topology() {}

    /**
     * What goes in.
     *
     * @param standing the records of the dimensions' feeds that are present at the first start
     * @param ends where the dimensions' feeds end
     */
    public record Inputs(
            DataStream<SourceRecord> trades,
            DataStream<SourceRecord> instruments,
            DataStream<SourceRecord> users,
            SnapshotRecords standing,
            EndOffsets ends) {}

    /** What comes out. */
    public record Outputs(DataStream<EnrichedTrade> enriched, DataStream<RejectedRecord> rejected) {}

    /** @param prefix the framing of enriched trades */
    public static Outputs build(Inputs in, JobConfig config, WireFormat wire, byte[] prefix) {
        SingleOutputStreamOperator<Trade> trades =
                Operator.DECODE_TRADES.tag(in.trades().process(new TradeDecoder(wire), ModelTypes.TRADE));
        SingleOutputStreamOperator<DimensionEvent> instruments =
                Operator.DECODE_INSTRUMENTS.tag(events(in.instruments(), Dimension.INSTRUMENT, wire, in.ends()));
        SingleOutputStreamOperator<DimensionEvent> users =
                Operator.DECODE_USERS.tag(events(in.users(), Dimension.USER, wire, in.ends()));

        SingleOutputStreamOperator<EnrichedTrade> enriched = Operator.TRADE_JOIN.tag(TradeJoinOperator.join(
                trades.keyBy(TradeJoinOperator.key(config.join().keyBy()), Types.LONG),
                instruments.union(users),
                new TradeJoin(config, new SnapshotDecoder(in.standing(), wire), GENERATION, prefix)));

        DataStream<RejectedRecord> rejected = trades.getSideOutput(ModelTypes.REJECTED)
                .union(
                        instruments.getSideOutput(ModelTypes.REJECTED),
                        users.getSideOutput(ModelTypes.REJECTED),
                        enriched.getSideOutput(ModelTypes.REJECTED));
        return new Outputs(enriched, rejected);
    }

    /** One decoder per dimension: its updates keep the order of their feed on the way to every subtask. */
    private static SingleOutputStreamOperator<DimensionEvent> events(
            DataStream<SourceRecord> feed, Dimension dimension, WireFormat wire, EndOffsets ends) {
        return feed.transform(
                        "decode", ModelTypes.DIMENSION_EVENT, new DimensionDecoder(dimension, wire, GENERATION, ends))
                .setParallelism(1);
    }
}
